// Completions of the line being typed: which to show, and which one Enter takes.
import type { SuggestionView } from '../protocol.ts';

export interface Completion {
  readonly suggestions: readonly SuggestionView[];
  /** The one that Enter takes; -1 lets Enter send the line as it stands. */
  readonly active: number;
}

const none: Completion = { suggestions: [], active: -1 };

/**
 * While a word is half typed, Enter takes the first completion. Once the line is one that can be
 * sent, Enter sends it: nobody should have to close a list before they can ask.
 */
export function startCompletion(line: string, suggestions: readonly SuggestionView[]): Completion {
  const typed = line.toLowerCase();
  const isSame = (suggestion: SuggestionView) => suggestion.line.toLowerCase() === typed;
  if (suggestions.length === 0 || suggestions.every(isSame)) return none;
  const isWhole = suggestions.some(({ line: one }) => one.toLowerCase().trim() === typed.trim());
  return { suggestions, active: isWhole || typed.endsWith(' ') ? -1 : 0 };
}

/** Past either end nothing is chosen, then it goes round. */
export function moveActive({ suggestions, active }: Completion, by: 1 | -1): Completion {
  const places = suggestions.length + 1;
  return { suggestions, active: ((active + 1 + by + places) % places) - 1 };
}

const continues = (line: string) => (suggestion: SuggestionView) =>
  suggestion.line.toLowerCase().startsWith(line.toLowerCase());

function isSameList({ suggestions }: Completion, { suggestions: others }: Completion): boolean {
  const isSame = ({ line }: SuggestionView, index: number) => line === others[index]?.line;
  return suggestions.length === others.length && suggestions.every(isSame);
}

export interface Completer {
  readonly completion: Completion;
  /** Asks for completions; an answer to an older line is never shown. */
  update(line: string): Promise<void>;
  move(by: 1 | -1): void;
  close(): void;
}

export interface CompleterConfig {
  complete(line: string, signal: AbortSignal): Promise<readonly SuggestionView[]>;
  onChange(): void;
}

export function createCompleter({ complete, onChange }: CompleterConfig): Completer {
  let completion = none;
  let request = new AbortController();
  const show = (next: Completion) => {
    completion = next;
    onChange();
  };

  return {
    get completion() {
      return completion;
    },
    async update(line) {
      request.abort();
      request = new AbortController();
      const { signal } = request;
      if (!line.startsWith('/')) {
        show(none);
        return;
      }
      // Until the answer is there, Enter must not take what fitted an earlier line only.
      show(startCompletion(line, completion.suggestions.filter(continues(line))));
      try {
        const suggestions = await complete(line, signal);
        if (signal.aborted) return;
        const next = startCompletion(line, suggestions);
        // What was chosen meanwhile stays chosen.
        show(isSameList(next, completion) ? { ...next, active: completion.active } : next);
      } catch {
        if (!signal.aborted) show(none); // typing goes on without; sending will say what is wrong
      }
    },
    move(by) {
      show(moveActive(completion, by));
    },
    close() {
      request.abort();
      show(none);
    },
  };
}
