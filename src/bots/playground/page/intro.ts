// The first thing in a channel: for a newcomer, three lines to click and why there are people.
import { html, nothing, type TemplateResult } from 'lit-html';
import { icon, mark } from './icons.ts';
import { addressOf, firstName } from './sidebar.ts';
import type { State } from './state.ts';

function listExamples({ me, team }: State): { line: string; help: string }[] {
  const payout = team.hasExamplePayees ? '/payout payermax 125.50 USD maria' : '/payout';
  return [
    { line: '/balance', help: 'What is available at each provider, now' },
    ...(me.roles.includes('requester')
      ? [{ line: payout, help: 'Ask for a payout; another decides' }]
      : [{ line: '/payout list', help: 'Payouts that wait for somebody' }]),
    { line: '/purser help', help: 'Everything that Purser can do' },
  ];
}

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
      Purser shows what your payment providers hold, and pays when a second person agrees.
      ${state.team.money}
    </p>
    <ul class="plain-list examples">
      ${listExamples(state).map(
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
          : html`Nobody decides on their own request:
              <a href=${addressOf(other.id, state.channel)} target="_blank" rel="noopener"
                >open a window as ${firstName(other)}</a
              >
              and approve there.`
      }
    </p>
  </section>`;
}
