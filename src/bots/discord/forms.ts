// Forms in steps. Discord shows a modal only as the first answer to a click, takes five fields in one
// and cannot mark what is wrong in it, so a form that needs more than one modal goes by way of a
// private card with a button. What was typed is kept here meanwhile, and forgotten by a restart.
import type { APIModalInteractionResponseCallbackData } from 'discord.js';
import type { Clock } from '../../clock.ts';
import type { Card, Field, Form } from '../../commands/card.ts';
import type { CardExtras } from './card.ts';
import { renderButton } from './card.ts';
import { type ModalId, renderPressed } from './custom-id.ts';
import { createKept } from './kept.ts';
import { limits } from './limits.ts';
import { listPages, renderModal } from './modal.ts';

export interface Forms {
  /** Keeps the card's form, to be opened at its first page that needs something. */
  keep(card: Card): string;
  /** The page of a kept form that is next. */
  open(id: string): APIModalInteractionResponseCallbackData | undefined;
  getForm(id: string): Form | undefined;
  /** A private card with the button that opens a kept form. */
  composeCard(id: string, card: Card): ShownCard;
  /** Takes a page in. */
  fill(modal: ModalId, values: Readonly<Record<string, string>>): Filled;
  /** For a form that is not kept any more; starts again where its action can. */
  composeGone(action: string, canStart: boolean): ShownCard;
}

export interface ShownCard {
  readonly card: Card;
  readonly extras: CardExtras;
}

export type Filled =
  | { readonly kind: 'complete'; readonly values: Readonly<Record<string, string>> }
  | { readonly kind: 'next'; readonly shown: ShownCard }
  | { readonly kind: 'gone' };

interface KeptForm {
  readonly card: Card;
  readonly form: Form;
  /** Pages that are still to be filled in, in their order. */
  readonly pages: readonly number[];
  readonly values: Readonly<Record<string, string>>;
}

export function createForms({ clock, newId }: { clock: Clock; newId(): string }): Forms {
  const kept = createKept<KeptForm>(clock, {
    countMax: limits.formsKeptMax,
    forMs: limits.formsKeptMs,
  });

  const composeButton = (id: string, { form }: KeptForm, label: string): CardExtras => ({
    buttons: [
      renderButton(renderPressed({ kind: 'form', id, action: form.action }), label, 'primary'),
    ],
  });

  return {
    keep(card) {
      const { form } = card;
      if (form === undefined) throw new RangeError('a card without a form has nothing to keep');
      const id = newId().slice(0, idLength);
      const typed = form.fields.map(({ name, value = '' }) => [name, value] as const);
      kept.set(id, { card, form, pages: pagesToAsk(form), values: Object.fromEntries(typed) });
      return id;
    },
    open(id) {
      const found = kept.get(id);
      const page = found?.pages[0];
      if (found === undefined || page === undefined) return undefined;
      return renderModal(found.form, { id, page, values: found.values });
    },
    getForm: (id) => kept.get(id)?.form,
    composeCard(id, { form, ...card }) {
      const found = kept.get(id);
      const errors = listErrors(form);
      const fields = [...(card.fields ?? []), ...errors];
      const label = errors.length > 0 ? 'Correct it' : (form?.title ?? 'Fill it in');
      return {
        card: fields.length === 0 ? card : { ...card, fields },
        extras: found === undefined ? {} : composeButton(id, found, label),
      };
    },
    fill({ id, page, isWhole }, values) {
      const found = kept.get(id);
      // A form of one page holds everything itself.
      if (isWhole) return { kind: 'complete', values: { ...found?.values, ...values } };
      if (found === undefined) return { kind: 'gone' };
      const next: KeptForm = {
        ...found,
        pages: found.pages.filter((one) => one > page),
        values: { ...found.values, ...values },
      };
      const [following] = next.pages;
      // The whole form stays, so that a page that is sent again changes what it said.
      kept.set(id, following === undefined ? { ...next, pages: found.pages } : next);
      if (following === undefined) return { kind: 'complete', values: next.values };
      const count = listPages(next.form).length;
      const label = `Continue (${following + 1} of ${count})`;
      const card: Card = {
        tone: 'neutral',
        title: next.card.title,
        text: `Page ${page + 1} of ${count} is filled in. Nothing is saved before the last page.`,
      };
      return { kind: 'next', shown: { card, extras: composeButton(id, next, label) } };
    },
    composeGone(action, canStart) {
      const card: Card = {
        tone: 'warning',
        title: 'This form is gone',
        text: 'What was typed is kept for half an hour, and not when Purser starts again. Nothing was saved or sent.',
      };
      const again = canStart ? [renderButton(action, 'Start again', 'primary')] : [];
      return { card, extras: { buttons: again } };
    },
  };
}

const idLength = 12;

/** All pages, or those where something is wrong. */
function pagesToAsk(form: Form): number[] {
  const pages = listPages(form);
  const wrong = pages.flatMap((fields, page) =>
    fields.some(({ error }) => error !== undefined) ? [page] : [],
  );
  return wrong.length > 0 ? wrong : pages.map((_, page) => page);
}

function listErrors(form: Form | undefined): Field[] {
  return (form?.fields ?? []).flatMap(({ label, error }) =>
    error === undefined ? [] : [{ label, value: error }],
  );
}
