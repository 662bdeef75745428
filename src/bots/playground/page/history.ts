// The lines sent from this window, for the arrow keys. They outlive a reload, not the window.

const linesMax = 50;

export interface History {
  add(line: string): void;
  /** The line before; `draft` is given back at the end of the way forward. */
  back(draft: string): string | undefined;
  forward(): string | undefined;
  /** The next `back` begins at the newest line again. */
  leave(): void;
}

export function createHistory(person: string): History {
  const key = `purser-lines-${person}`;
  const lines = read(key);
  let place = lines.length;
  let draft = '';

  return {
    add(line) {
      if (lines.at(-1) !== line) lines.push(line);
      lines.splice(0, lines.length - linesMax);
      place = lines.length;
      try {
        sessionStorage.setItem(key, JSON.stringify(lines));
      } catch {
        // storage may be forbidden or full: the lines are then remembered until the page goes
      }
    },
    back(current) {
      if (place === 0) return undefined;
      if (place === lines.length) draft = current;
      place -= 1;
      return lines[place];
    },
    forward() {
      if (place >= lines.length) return undefined;
      place += 1;
      return place === lines.length ? draft : lines[place];
    },
    leave() {
      place = lines.length;
    },
  };
}

function read(key: string): string[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(key) ?? '[]');
    return Array.isArray(kept) ? kept.filter((line) => typeof line === 'string') : [];
  } catch {
    return [];
  }
}
