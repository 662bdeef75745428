// Where the page begins: finds out who this window is and opens the chat as that person.
import { html, render } from 'lit-html';
import type { TeamView } from '../protocol.ts';
import { getTeam } from './api.ts';
import { openChat } from './chat.ts';
import { addressOf } from './sidebar.ts';
import { createState } from './state.ts';
import { applyTheme, readTheme } from './theme.ts';

const retryMs = 1_000;

applyTheme(readTheme());
void begin();

async function begin(): Promise<void> {
  const root = document.querySelector<HTMLElement>('#app');
  if (root === null) return;
  let team: TeamView;
  try {
    team = await getTeam();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    render(html`<p class="stopper" role="status">${why} Trying again…</p>`, root);
    setTimeout(() => void begin(), retryMs);
    return;
  }
  const asked = new URLSearchParams(location.search);
  const me = team.people.find(({ id }) => id === asked.get('as')) ?? team.people[0];
  const channel = team.channels.find((name) => name === asked.get('in')) ?? team.channels[0];
  if (me === undefined || channel === undefined) {
    render(html`<p class="stopper">Nobody is in the team file.</p>`, root);
    return;
  }
  history.replaceState(null, '', addressOf(me.id, channel));
  openChat(root, createState(team, me, channel));
}
