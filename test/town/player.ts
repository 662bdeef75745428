// A person before one platform's screen: what they do in the words of people, whichever platform it
// is, and what they wait to see.
import type { Seen, SeenForm } from '../bots/chat.ts';
import type { Platform, Town, Townsperson } from './index.ts';

export interface Player<Id extends string = Townsperson> {
  readonly id: Id;
  readonly platform: Platform;
  type(line: string, channel?: string): Promise<void>;
  /** Waits until it is there; gives the newest that fits. */
  sees(fits: Fits, channel?: string): Promise<Seen>;
  /** All that fits now. */
  look(fits: Fits, channel?: string): readonly Seen[];
  /** Waits for the message, and presses its button. */
  press(fits: Fits, label: string, channel?: string): Promise<void>;
  /** Waits for the form with that title, and that field in it; opens it where a button offers it. */
  opens(title: string, field?: string): Promise<SeenForm>;
  /** Waits until this is said of a field, and has the form before them again. */
  corrects(error: string): Promise<SeenForm>;
  submit(values: Readonly<Record<string, string>>): Promise<void>;
}

export type Fits = (seen: Seen) => boolean;

/** Everybody sees it, it is no reply, and it says all of this. */
export const posted =
  (title: string, ...words: readonly string[]): Fits =>
  (seen) =>
    !seen.isPrivate && seen.under === undefined && isLike(seen, title, words);

/** This person alone sees it. */
export const told =
  (title: string, ...words: readonly string[]): Fits =>
  (seen) =>
    seen.isPrivate && isLike(seen, title, words);

/** In a thread. */
export const replied =
  (title: string, ...words: readonly string[]): Fits =>
  (seen) =>
    seen.under !== undefined && isLike(seen, title, words);

function isLike({ title, words }: Seen, wanted: string, all: readonly string[]): boolean {
  return title.includes(wanted) && all.every((one) => plain(words).includes(one));
}

export function plain(words: string): string {
  return words.replace(/\s+/g, ' ');
}

const patienceMs = 10_000;
const lookEveryMs = 10;

export function createPlayer<Id extends string>(
  town: Pick<Town, 'chat'>,
  id: Id,
  platform: Platform,
): Player<Id> {
  const chat = town.chat(platform);
  const look = (fits: Fits, channel = 'approvals') => chat.look(id, channel).filter(fits);
  const sees = async (fits: Fits, channel = 'approvals') => {
    const first = await chat.until(id, channel, fits);
    return look(fits, channel).at(-1) ?? first;
  };
  const offers = (label: string, words = '') =>
    look((seen) => seen.isPrivate && plain(seen.words).includes(words)).findLast(({ buttons }) =>
      buttons.includes(label),
    );

  /** Until the form is open, by the button that leads to it where there is one. */
  const untilForm = async (
    what: string,
    isRight: (form: SeenForm) => boolean,
    findOffer: () => { readonly seen: Seen; readonly label: string } | undefined,
  ): Promise<SeenForm> => {
    const startedAt = performance.now();
    while (performance.now() - startedAt < patienceMs) {
      const form = chat.form(id);
      if (form !== undefined && isRight(form)) return form;
      const offer = findOffer();
      if (offer !== undefined) await chat.press(id, offer.seen, offer.label);
      else await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    }
    const there = chat.look(id, 'approvals').map(({ words, buttons }) => ({ words, buttons }));
    const shown = JSON.stringify({ form: chat.form(id), there: there.slice(-4) }, null, 1);
    throw new Error(`${id} does not get ${what} on ${platform}: ${shown}`);
  };

  return {
    id,
    platform,
    type: (line, channel = 'approvals') => chat.type(id, channel, line),
    sees,
    look,
    async press(fits, label, channel) {
      const seen = await sees((one) => fits(one) && one.buttons.includes(label), channel);
      await chat.press(id, seen, label);
    },
    opens: (title, field) =>
      untilForm(
        `the form “${title}”`,
        (form) =>
          form.title.includes(title) &&
          (field === undefined || form.fields.some(({ label }) => label === field)),
        () => {
          const seen = offers(title);
          return seen && { seen, label: title };
        },
      ),
    corrects: (error) =>
      untilForm(
        `the form with “${error}”`,
        ({ fields }) => fields.some((one) => plain(one.error ?? '').includes(error)),
        () => {
          const seen = offers('Correct it', error);
          return seen && { seen, label: 'Correct it' };
        },
      ),
    submit: (values) => chat.submit(id, values),
  };
}
