// Asks once more before something happens that cannot be called back. What to ask is remembered from
// when the card was rendered; cards of open work are rendered again after each start.
import { type APIMessage, ComponentType } from 'discord.js';
import type { Clock } from '../../clock.ts';
import type { Button, Card } from '../../commands/card.ts';
import { type CardExtras, renderButton } from './card.ts';
import { renderPressed } from './custom-id.ts';
import { createKept } from './kept.ts';
import { limits } from './limits.ts';

export interface Confirms {
  /** Remembers what its buttons ask. */
  keep(card: Card): void;
  /** The question, and the ways to answer it. */
  compose(asked: AskedButton): { readonly card: Card; readonly extras: CardExtras };
  /** Takes a card away while its question stands in its place; gives the id to put it back. */
  putAside(components: APIMessage['components']): string;
  putBack(id: string): APIMessage['components'] | undefined;
}

export interface AskedButton {
  readonly action: string;
  /** As Discord shows it. */
  readonly label: string;
  readonly message: string;
  /** Of the card that was put aside. */
  readonly aside?: string;
}

type Confirm = NonNullable<Button['confirm']>;

export function createConfirms({ clock, newId }: { clock: Clock; newId(): string }): Confirms {
  const questions = createKept<Confirm & { readonly style: Button['style'] }>(clock, {
    countMax: limits.confirmsKeptMax,
    forMs: Number.POSITIVE_INFINITY,
  });
  const asides = createKept<APIMessage['components']>(clock, {
    countMax: limits.formsKeptMax,
    forMs: limits.formsKeptMs,
  });
  return {
    keep({ buttons = [] }) {
      for (const { action, confirm, style } of buttons) {
        if (confirm !== undefined) questions.set(action, { ...confirm, style });
      }
    },
    compose({ action, label, message, aside = '' }) {
      const { title, text, yes, style } = questions.get(action) ?? {
        title: `${label}?`,
        text: 'Purser has been started again since it showed this card: read the card once more before you go on.',
        yes: label,
        style: 'danger' as const,
      };
      return {
        card: { tone: 'warning', title, text },
        extras: {
          buttons: [
            renderButton(renderPressed({ kind: 'yes', message, action }), yes, style),
            renderButton(renderPressed({ kind: 'no', id: aside }), 'Cancel', 'plain'),
          ],
        },
      };
    },
    putAside(components) {
      const id = newId();
      asides.set(id, components);
      return id;
    },
    putBack: (id) => asides.get(id),
  };
}

/** Of the button with that id. */
export function labelOf(
  message: Pick<APIMessage, 'components'> | undefined,
  customId: string,
): string {
  const labels = (message?.components ?? []).flatMap((top) =>
    (top.type === ComponentType.Container ? top.components : [top]).flatMap((row) =>
      row.type === ComponentType.ActionRow
        ? row.components.flatMap((button) =>
            'custom_id' in button && button.custom_id === customId && 'label' in button
              ? [button.label ?? '']
              : [],
          )
        : [],
    ),
  );
  return labels[0] ?? 'Go on';
}
