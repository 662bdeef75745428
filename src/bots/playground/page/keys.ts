// Keys that work everywhere: `/` begins a command, Alt with the arrows goes through the channels.
import type { Composer } from './composer.ts';
import type { ChatActions } from './layout.ts';
import type { State } from './state.ts';

const typedInto = 'input[type="text"], textarea, select';

export function listenToKeys(state: State, composer: Composer, actions: ChatActions): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (document.querySelector('dialog[open]') !== null) return;
    const isTyping = event.target instanceof Element && event.target.matches(typedInto);
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.key === 'Escape') actions.closeDrawer();
    if (event.key === '/' && isPlain && !isTyping) {
      event.preventDefault();
      actions.closeDrawer();
      composer.begin('/');
    }
    if (event.altKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      const { channels } = state.team;
      const by = event.key === 'ArrowDown' ? 1 : -1;
      const place = (channels.indexOf(state.channel) + by + channels.length) % channels.length;
      actions.openChannel(channels[place] ?? state.channel);
    }
  });
}
