// What a person may have meant: https://github.com/ka-weihe/fastest-levenshtein
import { distance } from 'fastest-levenshtein';

/** The most similar name, if one is similar enough to have been meant: a third of it at most. */
export function findNearest(
  typed: string,
  names: readonly string[],
  farMax = Math.max(1, Math.floor(typed.length / 3)),
): string | undefined {
  const wanted = typed.toLowerCase();
  let best: string | undefined;
  let bestFar = farMax + 1;
  for (const name of names) {
    const far = isSwap(wanted, name.toLowerCase()) ? 1 : distance(wanted, name.toLowerCase());
    if (far < bestFar) {
      best = name;
      bestFar = far;
    }
  }
  return best;
}

/** Two letters in the wrong order, `UDS` for USD, count as one mistake. */
function isSwap(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  const at = [...a].findIndex((letter, index) => letter !== b[index]);
  return (
    at >= 0 && a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2)
  );
}
