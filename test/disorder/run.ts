// Everything at once: a crowd on both platforms, and everything that can go wrong between it and
// Purser. Then peace, and the questions: was everybody answered, was nothing done twice, and do the
// cards say what is so?
import type { Seen } from '../bots/chat.ts';
import { openTown, type Town } from '../town/index.ts';
import { createPlayer, type Fits, type Player, plain, posted, told } from '../town/player.ts';
import { gatherCrowd } from './crowd.ts';
import { composeLedger, type Ledger } from './ledger.ts';
import { makeTroubles } from './troubles.ts';

export interface DisorderOptions {
  readonly seed: number;
  /** At least; it goes on until there were so many outages and restarts. */
  readonly durationMs: number;
  readonly rareMin: number;
  readonly pauseMaxMs: number;
  readonly rareMs: number;
}

export interface DisorderReport {
  readonly ledger: Ledger;
  readonly troubles: Readonly<Record<string, number>>;
  readonly payouts: number;
  readonly orders: number;
  /** How many payouts ended how. */
  readonly states: Readonly<Record<string, number>>;
  /** What must not be; empty when all is well. */
  readonly wrong: readonly string[];
}

export async function runDisorder(options: DisorderOptions): Promise<DisorderReport> {
  const approvals = [
    { when: { currency: 'USD', up_to: '50.00' }, need: 1, from: ['ana', 'ben', 'cy'] },
    { when: { currency: 'USD', up_to: '1000.00' }, need: 2, from: ['ana', 'ben', 'cy'] },
  ];
  const town = await openTown({ team: { approvals } });
  try {
    await savePayee(town);
    const crowd = gatherCrowd(town, options);
    const troubles = makeTroubles(town, options);
    await pause(options.durationMs);
    await troubles.untilHad(options.rareMin);
    await crowd.stop();
    await troubles.stop();
    await settle(town);
    const ledger = composeLedger(town);
    const found = await look(town);
    return {
      ledger,
      troubles: troubles.counts,
      payouts: found.payouts.length,
      orders: town.sandbox('payermax').books().length,
      states: countStates(found.payouts),
      wrong: [
        ...found.wrong,
        ...ledger.silent.map((what) => `no answer, and no word in the log: ${what}`),
        ...ledger.answeredTwice,
        ...town.listTroubles().filter((text) => !isExpected(text)),
      ],
    };
  } finally {
    await town.stop();
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** What is reported as it should be, and what the platforms hold against a bot that they cut off. */
const expected = [
  /answer was lost/,
  /message was lost/,
  /^a digest or alert was given up/,
  /^the store failed/,
  /^Slack: \w+ was not acknowledged within/,
  /^Slack: an acknowledgement came late/,
  /^Discord: .* (got no answer|is late)$/,
];

function isExpected(text: string): boolean {
  return expected.some((one) => one.test(text));
}

async function savePayee(town: Town): Promise<void> {
  const [ana, ben] = [createPlayer(town, 'ana', 'slack'), createPlayer(town, 'ben', 'discord')];
  await ana.type('/payee add');
  await ana.opens('Add a payee', 'Paid by');
  await ana.submit({ way: 'payermax/ph-bank' });
  await ana.opens('Add a payee', 'Short name');
  await ana.submit({
    ...{ id: 'maria', name: 'Maria Santos', target_org: 'RCBC' },
    ...{ account_no: '9234567890', payee_type: 'PERSONAL' },
  });
  await ben.press(posted('Payee maria'), 'Agree');
  await ben.sees(told('You agreed to maria'));
}

const patienceMs = 60_000;

/** Until both platforms have Purser again and no payout is on its way. */
async function settle(town: Town): Promise<void> {
  town.sandbox('payermax').clearFaults();
  const startedAt = performance.now();
  const isCalm = () =>
    town.slack.server.socketCount() > 0 &&
    town.discord.server.gateway.isConnected &&
    town.platforms.every((platform) =>
      listPayouts(town, platform).every(({ state }) => !movingStates.has(state)),
    );
  let calmSince: number | undefined;
  // Whatever was to be tried again is due soon after.
  for (;;) {
    const now = performance.now();
    calmSince = isCalm() ? (calmSince ?? now) : undefined;
    if (calmSince !== undefined && now - calmSince > calmMs) return;
    if (now - startedAt > patienceMs) return;
    town.clock.advance(20_000);
    await pause(100);
  }
}

const calmMs = 2000;
const movingStates = new Set(['Approved', 'Sending', 'With the provider', 'Outcome unknown']);

interface Shown {
  readonly id: string;
  readonly amount: string;
  readonly state: string;
  readonly words: string;
}

const statePattern =
  /(Waiting for approval|Approved|Sending|With the provider|Outcome unknown|Paid|Came back|Failed|Not sent|Rejected|Cancelled|Expired)\. /;

/** Of each payout the cards that everybody sees. */
function listPayouts(town: Town, platform: 'slack' | 'discord'): Shown[] {
  const all = town.chat(platform).look('cy', 'approvals').filter(posted(' to Maria Santos'));
  // Reminders speak of a payout too, and a card that somebody shared stays as it was.
  const cards = all.filter(
    ({ words }) => words.includes('Asked by') && !words.includes('Shared by'),
  );
  return cards.map(({ title, words }) => ({
    id: /\b(P[0-9A-Z]{8}) · reference/.exec(plain(words))?.[1] ?? '',
    amount: /^([\d.,]+) USD/.exec(title)?.[1] ?? '',
    state: statePattern.exec(plain(words))?.[1] ?? '',
    words: plain(words),
  }));
}

function countStates(payouts: readonly Shown[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { state } of payouts) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

/** Holds cards, books and the record against each other. */
async function look(town: Town): Promise<{ payouts: readonly Shown[]; wrong: string[] }> {
  const wrong: string[] = [];
  const [slack, discord] = [listPayouts(town, 'slack'), listPayouts(town, 'discord')];
  const alone: Shown[] = [];
  const cy = createPlayer(town, 'cy', 'slack');
  for (const cards of [slack, discord]) {
    const seen = cards.map(({ id }) => id);
    const twice = seen.filter((id, index) => seen.indexOf(id) !== index);
    for (const id of twice) wrong.push(`${id} stands in a channel twice`);
  }
  const discordAlone = discord.filter(({ id }) => !slack.some((one) => one.id === id));
  alone.push(...discordAlone);
  for (const card of [...slack, ...discordAlone]) {
    const { id, amount, state, words } = card;
    const other = discord.find((one) => one.id === id);
    if (other === undefined) alone.push(card);
    else if (other.state !== state)
      wrong.push(`${id} is ${state} in Slack, ${other.state} in Discord`);
    wrong.push(...findWrongDecisions(card));
    const booked = town.orders('payermax', `${amount} USD`);
    const orders = booked.length;
    const isSent = /Sent to PayerMax, once/.test(words);
    if (orders > 1) wrong.push(`${id} was ordered ${orders} times`);
    if (orders === 1 && !isSent) wrong.push(`${id} was ordered, and its card does not say so`);
    if (orders === 0 && ['Paid', 'Came back'].includes(state)) {
      wrong.push(`${id} is ${state} without an order`);
    }
    // Without an order it was refused at the door: a leap of the clock makes a request too old.
    const isOver = ['Failed', 'Not sent', 'Rejected', 'Cancelled', 'Expired'].includes(state);
    if (isOver && booked.some((status) => status !== 'FAILED')) {
      wrong.push(`${id} is ${state}, and its order is ${booked.join(', ')}`);
    }
    const stored = await ask(
      cy,
      `/payout show ${id}`,
      told('USD to Maria Santos', `${id} · reference`),
    );
    const storedState = statePattern.exec(plain(stored.words))?.[1];
    if (storedState !== state) wrong.push(`${id} is ${storedState}, and its card says ${state}`);
  }
  const isRare = alone.length <= aloneMax;
  for (const card of alone.filter((one) => !isRare || !isOldNews(one, town))) {
    wrong.push(`${card.id} is ${card.state} and stands on one platform alone`);
  }
  const references = town
    .sandbox('payermax')
    .books()
    .map(({ reference }) => reference);
  if (new Set(references).size !== references.length) wrong.push('an order stands twice');
  const verdict = await ask(cy, '/purser audit verify', told('The audit log is'));
  if (!verdict.title.includes('is intact')) wrong.push(verdict.words);
  return { payouts: [...slack, ...discordAlone], wrong };
}

/** What was over for six hours when Purser began anew is not posted where it never was. */
const aloneMax = 2;
const newsMs = 6 * 3_600_000;
const overStates = new Set([
  ...['Paid', 'Came back', 'Failed', 'Not sent', 'Rejected', 'Cancelled', 'Expired'],
]);

function isOldNews({ state, words }: Shown, { clock }: Town): boolean {
  const [, dayAndMonth = '', time = ''] =
    /Asked by [^,]+, (\d+ \w+), (\d\d:\d\d UTC)/.exec(words) ?? [];
  const now = clock.now();
  const year = new Date(now).getUTCFullYear();
  // A card does not say which year.
  const askedAtMs = [year, year - 1]
    .map((one) => Date.parse(`${dayAndMonth} ${one} ${time}`))
    .find((atMs) => atMs <= now);
  return overStates.has(state) && askedAtMs !== undefined && now - askedAtMs > newsMs;
}

/** The answer to this line, and not to the same one before. */
async function ask(player: Player, line: string, fits: Fits): Promise<Seen> {
  const before = player.look(fits).length;
  await player.type(line);
  for (let tries = 0; tries < 1000; tries += 1) {
    const seen = player.look(fits);
    const last = seen.at(-1);
    if (last !== undefined && seen.length > before) return last;
    await pause(10);
  }
  throw new Error(`no answer to ${line}`);
}

const names = ['Ana Torres', 'Ben Okafor', 'Cy Lindqvist'];

/** Each person once, the one who asked never, and no more than were needed. */
function findWrongDecisions({ id, words }: Shown): string[] {
  const asked = names.find((name) => words.includes(`Asked by ${name}`));
  const approvals = names.map((name) => words.split(`${name} approved`).length - 1);
  const need = Number(/Needs (\d) of/.exec(words)?.[1] ?? 0);
  const count = approvals.reduce((sum, one) => sum + one, 0);
  return [
    ...names.flatMap((name, index) => {
      if ((approvals[index] ?? 0) > 1) return [`${name} approved ${id} twice`];
      return (approvals[index] ?? 0) > 0 && name === asked ? [`${name} approved an own ${id}`] : [];
    }),
    ...(count > need ? [`${id} was approved by ${count} of ${need}`] : []),
    ...(asked === undefined ? [`nobody knows who asked for ${id}`] : []),
    ...(words.includes('Sent to PayerMax') && count < need ? [`${id} was sent too soon`] : []),
  ];
}
