// Who is called to a message: the person of this window stands out.
import { html, nothing } from 'lit-html';
import { nameOf, type State } from './state.ts';

export function mentionsView(state: State, ids: readonly string[]): unknown {
  if (ids.length === 0) return nothing;
  return html`<p class="mentions">
    ${ids.map(
      (id) =>
        html`<span class="mention ${id === state.me.id ? 'is-me' : ''}"
          ><bdi>@${nameOf(state, id)}</bdi></span
        > `,
    )}
  </p>`;
}
