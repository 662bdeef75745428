// The border to people: whatever anybody types, presses or fills in has a card for an answer that both
// platforms can show. No refusal changes anything, no amount is ever one that was not typed, and no
// secret and no account number stands where people read.
import { expect, it } from 'vitest';
import type { Card } from '../../src/commands/card.ts';
import type { Account, Outcome } from '../../src/commands/types.ts';
import { ProviderError } from '../../src/errors.ts';
import { createLog } from '../../src/log.ts';
import type { Payout } from '../../src/payouts/types.ts';
import { accountNumbers, createOffice, type Office, officeTeam } from '../commands/office.ts';
import { lineOf, readingOf, spot } from '../commands/world.ts';
import { borderTimeoutMs, holdBorder, type World } from './border.ts';
import { findCardProblems } from './cards.ts';
import { type happenings, type Input, input, people, typedNumbers } from './commands-inputs.ts';

const secret = 'sk_live_planted_4242424242';
const hidden = [...Object.values(accountNumbers), ...typedNumbers, secret];
const accountFields = new Set(['account_no', 'cci', 'wallet']);

it(
  'whatever people type, press and fill in is answered, and changes nothing when refused',
  (test) =>
    holdBorder(
      {
        name: 'commands',
        inputs: 3_000,
        input,
        perWorld: 60,
        reaches: ['refused', 'answered', 'preview', 'stored', 'completed', 'form'],
        open: openWorld,
      },
      test,
    ),
  borderTimeoutMs,
);

async function openWorld(): Promise<World<Input>> {
  const lines: string[] = [];
  const log = createLog({
    level: 'debug',
    secrets: [secret],
    destination: {
      write: (text: string) => lines.push(text) > 0,
    } as unknown as NodeJS.WritableStream,
  });
  const office = await createOffice({ log, team: { ...officeTeam, channels: teamChannels } });
  const seen: { action: string; isForm: boolean }[] = [];
  /** What each preview was typed as, by the id of its payout. */
  const typed = new Map<string, string>();
  return { judge, close: async () => {} };

  async function judge(one: Input): Promise<string> {
    const account = people[one.by] ?? people[0];
    if (account === undefined) throw new RangeError('nobody');
    if (one.kind === 'world') {
      happen[one.what](office);
      await office.world.payouts.followUp.tick();
      return 'the world';
    }
    if (one.kind === 'complete') return await complete(office, account, one);
    const before = { ...office.data };
    lines.length = 0;
    const { outcome, texts } = await ask(office, account, one, seen);
    await office.world.payouts.settle();
    const written = lines.join('');
    expect(written.includes('mistake in Purser'), written).toBe(false);
    checkCard(outcome);
    checkDiscretion(outcome.card, `${written}${outcome.file?.text ?? ''}`);
    remember(outcome.card, texts);
    for (const payout of payoutsOf(office)) {
      expect(typed.get(payout.id), `${payout.id} has an amount that was typed`).toBe(
        shorten(payout.content.amount),
      );
    }
    const isRefused = /"msg":"(command refused|the store failed)"/.test(written);
    const isChanged =
      before.records !== office.data.records || before.entries !== office.data.entries;
    if (isRefused) expect(isChanged, 'a refusal changes nothing').toBe(false);
    if (outcome.card.form !== undefined) return 'form';
    if (isPreview(outcome.card)) return 'preview';
    return isRefused ? 'refused' : isChanged ? 'stored' : 'answered';
  }

  function remember(card: Card, texts: readonly string[]): void {
    for (const { action } of card.buttons ?? []) seen.unshift({ action, isForm: false });
    if (card.form !== undefined) seen.unshift({ action: card.form.action, isForm: true });
    seen.splice(40);
    if (!isPreview(card)) return;
    const amount = /^Ask for ([\d,.]+) [A-Z]+ to /.exec(card.title)?.[1]?.replaceAll(',', '');
    expect(amount, card.title).toBeDefined();
    const shown = shorten(amount ?? '');
    // Exactly one reading of something that was typed, and this one.
    const meant = texts.map(listReadings).filter((readings) => readings.includes(shown));
    expect(meant, `${shown} was typed as one of ${JSON.stringify(texts)}`).not.toEqual([]);
    const isPlain = meant.some((readings) => readings.length === 1);
    expect(isPlain, `${JSON.stringify(texts)} could mean another amount`).toBe(true);
    const id = card.buttons?.find(({ action }) => action.startsWith('payout.post:'))?.action ?? '';
    typed.set(id.slice('payout.post:'.length), shown);
  }
}

const teamChannels = { approvals: ['slack:C01'], audit: [], alerts: [] };

/** What it is answered, and every text in which an amount could have been typed. */
async function ask(
  { dispatcher }: Office,
  account: Account,
  one: Exclude<Input, { kind: 'world' | 'complete' }>,
  seen: readonly { action: string; isForm: boolean }[],
): Promise<{ outcome: Outcome; texts: readonly string[] }> {
  if (one.kind === 'line' || one.kind === 'named') {
    const { line } = one;
    const asked = one.kind === 'named' ? { line, named: one.named } : { line };
    expect(dispatcher.opensForm(asked)).toBeTypeOf('boolean');
    const outcome = await dispatcher.run({ account, spot, ...asked }, checkProgress);
    const texts =
      one.kind === 'named'
        ? Object.values(one.named)
        : // No white space of any kind is part of a word, and marks that nobody sees neither.
          line.split(/[\s\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+/u);
    return { outcome, texts: texts.map(bare) };
  }
  const button = one.kind === 'seen' ? seen[one.nth % Math.max(1, seen.length)] : undefined;
  const action = one.kind === 'press' ? one.action : (button?.action ?? 'payout.form:');
  const isFilled = one.kind === 'press' || button === undefined || button.isForm || one.nth % 2;
  const values = isFilled ? one.values : undefined;
  expect(dispatcher.opensForm({ action })).toBeTypeOf('boolean');
  const pressed = { account, spot, action, ...(values === undefined ? {} : { values }) };
  const outcome = await dispatcher.press(pressed);
  return { outcome, texts: values === undefined ? [] : Object.values(values).map(bare) };
}

function checkProgress(card: Card): void {
  expect(card.title).not.toBe('');
}

async function complete(
  { dispatcher }: Office,
  account: Account,
  { line, named }: Extract<Input, { kind: 'complete' }>,
): Promise<string> {
  const asked = named === undefined ? {} : { named, asked: Object.keys(named)[0] ?? '' };
  const found = await dispatcher.complete({ account, line, ...asked });
  expect(found.length).toBeLessThanOrEqual(25);
  const waiting = await dispatcher.listWaiting(account);
  const said = JSON.stringify([found, waiting]);
  for (const one of hidden) expect(said.includes(one), 'a completion tells').toBe(false);
  return 'completed';
}

function checkCard({ card, audience, file }: Outcome): void {
  expect(card.title.trim(), 'a card has a title').not.toBe('');
  expect(['asker', 'channel']).toContain(audience);
  expect(findCardProblems(card, file), JSON.stringify(card)).toEqual([]);
}

function checkDiscretion(card: Card, written: string): void {
  // What somebody typed into a field for it comes back in that field, to that person.
  const fields = card.form?.fields.map(({ value, ...field }) =>
    accountFields.has(field.name) ? field : { ...field, value },
  );
  const shown = `${JSON.stringify({ ...card, form: { ...card.form, fields } })}${written}`;
  for (const one of hidden) {
    expect(shown.includes(one), `${one.slice(0, 4)}… is told`).toBe(false);
  }
}

function isPreview({ buttons = [] }: Card): boolean {
  return buttons.some(({ action }) => action.startsWith('payout.post:'));
}

function payoutsOf({ data }: Office): Payout[] {
  const payouts = data.records.filter(({ kind }) => kind === 'payout');
  return payouts.map(({ value }) => value as unknown as Payout);
}

/** Without marks that nobody sees; what is no character at all parts words. */
function bare(text: string): string {
  return text
    .replace(/[\u061C\u200B\u200E\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF]/g, '')
    .replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
}

/** All that the text could mean in a country with dots or with commas before decimals. */
function listReadings(text: string): string[] {
  const readings = (['.', ','] as const).flatMap((point) => {
    const group = point === '.' ? ',' : '.';
    const [whole = '', fraction, ...more] = text.split(point);
    if (more.length > 0 || (fraction !== undefined && !/^\d+$/.test(fraction))) return [];
    const groups = whole.split(group);
    const isGrouped =
      /^[1-9]\d{0,2}$/.test(groups[0] ?? '') &&
      groups.slice(1).every((digits) => /^\d{3}$/.test(digits));
    if (!isGrouped && !/^\d+$/.test(whole)) return [];
    return [shorten(`${groups.join('')}.${fraction ?? ''}`)];
  });
  return [...new Set(readings)];
}

/** Without zeros that mean nothing: 5.00 and 05 are 5. */
function shorten(decimal: string): string {
  const [whole = '', fraction = ''] = decimal.split('.');
  const end = fraction.replace(/0+$/, '');
  return `${whole.replace(/^0+(?=\d)/, '')}${end === '' ? '' : `.${end}`}`;
}

const refusal = (code: 'rejected' | 'timed_out') =>
  new ProviderError({
    code,
    provider: 'payermax',
    operation: 'balances',
    message: 'PayerMax did not do it.',
    cause: new Error(`with ${secret}`, { cause: { headers: { authorization: secret } } }),
  });
const hourMs = 3_600_000;

const happen: Readonly<Record<(typeof happenings)[number], (office: Office) => void>> = {
  fails: ({ teller }) => teller('payermax').says(refusal('timed_out')),
  answers: ({ teller }) =>
    teller('payermax').says(
      readingOf(lineOf('main', 'USD', { available: '40000' }), lineOf('main', 'PEN', {})),
    ),
  refuses: ({ payermax }) => payermax.answers(refusal('rejected')),
  takes: ({ payermax }) => payermax.answers('submitted'),
  loses: ({ payermax }) => payermax.losesAnswers(),
  pays: ({ payermax }) => payermax.settles('paid'),
  hour: ({ clock }) => clock.advance(hourMs),
  day: ({ clock }) => clock.advance(24 * hourMs),
};
