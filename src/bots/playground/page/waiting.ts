// What waits for this person: asked for again, after a moment, whenever something changes for them.
import { html, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { SuggestionView } from '../protocol.ts';
import { icon } from './icons.ts';

export interface WaitingConfig {
  list(): Promise<readonly SuggestionView[]>;
  show(waiting: readonly SuggestionView[]): void;
}

export interface Waiting {
  /** Something changed; many changes at once are one question. */
  refresh(): void;
}

const pauseMs = 200;

export function createWaiting({ list, show }: WaitingConfig): Waiting {
  let isPausing = false;
  let asked = 0;

  const ask = async () => {
    isPausing = false;
    asked += 1;
    const number = asked;
    try {
      const waiting = await list();
      if (number === asked) show(waiting);
    } catch {
      // the list stays as it was; the next change, or the connection's return, asks again
    }
  };
  return {
    refresh() {
      if (isPausing) return;
      isPausing = true;
      setTimeout(() => void ask(), pauseMs);
    },
  };
}

export function waitingView(
  waiting: readonly SuggestionView[],
  send: (line: string) => void,
): TemplateResult {
  return html`<section class="section" aria-labelledby="waiting-title">
    <h2 class="section-title" id="waiting-title">
      Waiting for you${
        waiting.length === 0 ? '' : html` <span class="count-badge">${waiting.length}</span>`
      }
    </h2>
    ${
      waiting.length === 0
        ? html`<p class="section-hint">Nothing waits for you.</p>`
        : html`<ul class="plain-list">
            ${repeat(
              waiting,
              ({ line }) => line,
              ({ line, label, help }) =>
                html`<li>
                  <button type="button" class="row waiting-row" @click=${() => send(line)}>
                    <span class="row-text">
                      <span class="waiting-label"><bdi>${label}</bdi></span>
                      <span class="waiting-help"><bdi>${help}</bdi></span>
                    </span>
                    ${icon('next')}
                  </button>
                </li>`,
            )}
          </ul>`
    }
  </section>`;
}
