// The line being typed: completion, the lines sent before, and never a line lost.
import type { TemplateResult } from 'lit-html';
import type { SuggestionView } from '../protocol.ts';
import { announce } from './announce.ts';
import { type Completer, createCompleter } from './completion.ts';
import { composerView } from './composer-view.ts';
import { createHistory, type History } from './history.ts';

export interface ComposerConfig {
  /** Whose lines are remembered. */
  readonly person: string;
  complete(line: string, signal: AbortSignal): Promise<readonly SuggestionView[]>;
  /** Rejects with a sentence for the person; the line is then given back. */
  submit(line: string): Promise<void>;
  redraw(): void;
}

export interface Composer {
  view(placeholder: string): TemplateResult;
  focus(): void;
  /** As if typed: `/` from anywhere begins a command. */
  begin(text: string): void;
  send(line: string): Promise<void>;
}

export function createComposer(config: ComposerConfig): Composer {
  const history = createHistory(config.person);
  let line = '';
  let problem = '';
  let wasOpen = false;
  const completer = createCompleter({
    complete: config.complete,
    onChange() {
      const count = completer.completion.suggestions.length;
      if (count > 0 && !wasOpen) announce(`${count} completions, arrow keys choose`);
      wasOpen = count > 0;
      config.redraw();
    },
  });

  const setLine = (text: string) => {
    line = text;
    // At once: the next key may come before the next drawing.
    const input = findInput();
    if (input !== null && input.value !== text) input.value = text;
    config.redraw();
  };
  const type = (text: string) => {
    problem = '';
    history.leave();
    setLine(text);
    void completer.update(text);
  };
  const send = async (text: string) => {
    if (text.trim() === '') return;
    problem = '';
    history.add(text);
    completer.close();
    try {
      await config.submit(text);
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
      setLine(line === '' ? text : line);
    }
  };
  const typing: Typing = { completer, history, line: () => line, setLine, type };

  return {
    send,
    focus: () => findInput()?.focus(),
    begin(text) {
      findInput()?.focus();
      if (line === '') type(text);
    },
    view: (placeholder) =>
      composerView({
        line,
        problem,
        placeholder,
        completion: completer.completion,
        onInput: type,
        onKey: (event) => onKey(event, typing),
        onTake: (suggestion) => take(suggestion, typing),
        onLeave: completer.close,
        onSubmit() {
          const text = line;
          setLine('');
          void send(text);
        },
      }),
  };
}

interface Typing {
  readonly completer: Completer;
  readonly history: History;
  line(): string;
  /** Without asking for completions. */
  setLine(text: string): void;
  type(text: string): void;
}

function onKey(event: KeyboardEvent, typing: Typing): void {
  if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
  const isOpen = typing.completer.completion.suggestions.length > 0;
  if (isOpen ? onListKey(event, typing) : onHistoryKey(event, typing)) event.preventDefault();
}

/** Gives whether the key was for the list. */
function onListKey({ key, shiftKey }: KeyboardEvent, typing: Typing): boolean {
  const { completer } = typing;
  const { suggestions, active } = completer.completion;
  const chosen = suggestions[active];
  const first = suggestions[0];
  if (key === 'ArrowDown') completer.move(1);
  else if (key === 'ArrowUp') completer.move(-1);
  else if (key === 'Escape') completer.close();
  else if (key === 'Enter' && chosen !== undefined) typing.type(chosen.line);
  else if (key === 'Tab' && !shiftKey && first !== undefined) take(chosen ?? first, typing);
  else return false;
  return true;
}

function onHistoryKey({ key }: KeyboardEvent, { history, line, setLine }: Typing): boolean {
  if (key !== 'ArrowUp' && key !== 'ArrowDown') return false;
  const recalled = key === 'ArrowUp' ? history.back(line()) : history.forward();
  if (recalled === undefined) return false;
  setLine(recalled);
  return true;
}

/** Goes on to the next word at once. */
function take({ line }: SuggestionView, typing: Typing): void {
  typing.type(line.endsWith(' ') ? line : `${line} `);
  findInput()?.focus();
}

function findInput(): HTMLInputElement | null {
  return document.querySelector<HTMLInputElement>('#line');
}
