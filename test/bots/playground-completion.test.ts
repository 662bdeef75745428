// The list of completions beside a line that goes on being typed.
import { expect, test } from 'vitest';
import { createCompleter } from '../../src/bots/playground/page/completion.ts';
import type { Suggestion } from '../../src/commands/types.ts';

const suggest = (line: string): Suggestion => ({ line, label: line, help: '' });
const both = [suggest('/purser help'), suggest('/purser providers')];

/** Answers when the test says so. */
function openCompleter() {
  const answers: ((suggestions: Suggestion[]) => void)[] = [];
  const completer = createCompleter({
    complete: () => new Promise((resolve) => answers.push(resolve)),
    onChange() {},
  });
  return { completer, answer: (suggestions: Suggestion[]) => answers.shift()?.(suggestions) };
}

test('what was chosen while the answer was on its way stays chosen', async () => {
  const { completer, answer } = openCompleter();
  const first = completer.update('/purser');
  answer(both);
  await first;
  const second = completer.update('/purser ');
  completer.move(-1);
  expect(completer.completion).toEqual({ suggestions: both, active: 1 });
  answer(both);
  await second;
  expect(completer.completion).toEqual({ suggestions: both, active: 1 });
});

test('another list begins anew', async () => {
  const { completer, answer } = openCompleter();
  const first = completer.update('/purser');
  answer(both);
  await first;
  const second = completer.update('/purser ');
  completer.move(-1);
  answer([...both, suggest('/purser policy')]);
  await second;
  expect(completer.completion.active).toBe(-1);
});

test('what fits an earlier line only is not offered while the answer is on its way', async () => {
  const { completer, answer } = openCompleter();
  const first = completer.update('/purser');
  answer(both);
  await first;
  void completer.update('/purser p');
  expect(completer.completion.suggestions).toEqual([suggest('/purser providers')]);
  void completer.update('/purser x');
  expect(completer.completion).toEqual({ suggestions: [], active: -1 });
});
