// The first thing in a channel: for a newcomer, three lines to click and why there are people.
import { html, nothing, type TemplateResult } from 'lit-html';
import { icon, mark } from './icons.ts';
import { addressOf, firstName } from './sidebar.ts';
import type { State } from './state.ts';

const examples = [
  { line: '/balance', help: 'What is available at each provider, now' },
  { line: '/balance payermax USD', help: 'One provider, one currency' },
  { line: '/purser help', help: 'Everything that Purser can do' },
];

export function introView(state: State, send: (line: string) => void): TemplateResult {
  if (state.channel !== 'general') {
    return html`<section class="intro intro-small">
      <h2 class="intro-title">${icon('hash')}${state.channel}</h2>
      <p>This is the beginning of the channel. Everybody in the playground can read it.</p>
    </section>`;
  }
  const other = state.team.people.find(({ id }) => id !== state.me.id);
  return html`<section class="intro">
    <span class="avatar avatar-app intro-mark">${mark()}</span>
    <h2 class="intro-title">Hello, ${firstName(state.me)}</h2>
    <p>
      Purser shows what your payment providers hold. Here they are simulators on this machine: try
      anything, no money moves.
    </p>
    <ul class="plain-list examples">
      ${examples.map(
        ({ line, help }) =>
          html`<li>
            <button type="button" class="example" @click=${() => send(line)}>
              <code>${line}</code><span>${help}</span>
            </button>
          </li>`,
      )}
    </ul>
    <p class="intro-hint">
      Type <kbd>/</kbd> for all commands.
      ${
        other === undefined
          ? nothing
          : html`Answers with money in them are for you alone:
              <a href=${addressOf(other.id, state.channel)} target="_blank" rel="noopener"
                >open a window as ${firstName(other)}</a
              >
              and compare.`
      }
    </p>
  </section>`;
}
