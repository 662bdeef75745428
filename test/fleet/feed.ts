// People who ask for payouts and agree to them without a pause. They do what people do when nothing
// happens: the same again. Requests are made in Slack; some are agreed to in Discord.
import { readBlocks } from '../bots/slack-reading.ts';
import type { SlackMessage } from '../bots/slack-server/workspace.ts';
import { channels } from '../town/team.ts';
import {
  findOnDiscord,
  findOnSlack,
  pressOnDiscord,
  pressOnSlack,
  slackNow,
  untilOnSlack,
} from './board.ts';
import type { Fleet } from './index.ts';
import { colleague, officePeople, type Payer } from './office.ts';

export interface Fed {
  readonly amount: string;
  readonly payer: Payer;
  /** Its card in Slack's channel for approvals. */
  readonly card: SlackMessage;
}

export interface Feed {
  /** Those that somebody agreed to. */
  readonly fed: readonly Fed[];
  /** Asked for and not agreed to, however often somebody tried. */
  readonly lost: readonly string[];
  /** Resolves when all that was begun has been agreed to. */
  stop(): Promise<void>;
  /** How many were begun. */
  begun(): number;
  /** Goes on until so many have been begun in all; resolves when they have been agreed to. */
  untilFed(count: number): Promise<void>;
}

export interface FeedOptions {
  /** So many at once. */
  readonly lanes: number;
  readonly payers: readonly Payer[];
  /** Every so manieth is agreed to in Discord; none, when absent. */
  readonly discordEvery?: number;
  /** No more than so many that are not at their end. */
  readonly openMax?: number;
  /** Between two payouts of one lane. */
  readonly pauseMs?: number;
  /** Resolves when the payout of this number may be asked for. */
  readonly untilDue?: (number: number) => Promise<void>;
}

/** Until a person tries again; longer than what is asked twice may take. */
const againMs = 4_000;
const triesMax = 25;
/** Cards that a process left behind are posted by another within half a minute, or at its start. */
const lateMs = { amongOthers: 45_000, alone: 5_000 };
const channel = channels.slack.approvals;
/** What a card says where nothing more is to come. */
export const endedPattern = /\b(Paid|Failed|Not sent|Rejected|Cancelled|Expired|Came back)\. /;
const agreedPattern =
  /\b(Approved|Sending|With the provider|Outcome unknown|Paid|Failed|Not sent|Came back|Expired)\. /;

export const wordsOf = ({ blocks }: SlackMessage) => readBlocks(blocks).words.replace(/\s+/g, ' ');

export function startFeed(fleet: Fleet, options: FeedOptions): Feed {
  const { slack, discord } = fleet;
  const { lanes, payers, discordEvery = 0, openMax = 600, pauseMs = 0, untilDue } = options;
  const patienceMs = fleet.replicas.length > 1 ? lateMs.amongOthers : lateMs.alone;
  const fed: Fed[] = [];
  const lost: string[] = [];
  let wanted = Number.POSITIVE_INFINITY;
  let begun = 0;

  /** Does it, and does it again where nothing comes of it. */
  const insist = async <T>(
    act: () => Promise<unknown>,
    find: () => T | undefined,
    what: string,
  ): Promise<T> => {
    for (let tries = 0; tries < triesMax; tries += 1) {
      const known = find();
      if (known !== undefined) return known;
      const startedAt = performance.now();
      const acted = await act();
      const found = await untilOnSlack(slack, find, againMs);
      if (found !== undefined) return found;
      // Nobody was there: a person looks up again a moment later.
      const restMs = 500 - (performance.now() - startedAt);
      if (acted === false && restMs > 0) await pass(restMs);
    }
    throw new Error(`${what} in vain, ${triesMax} times`);
  };

  const pay = async (number: number): Promise<void> => {
    const payer = payers[number % payers.length];
    if (payer === undefined) throw new Error('nobody can pay');
    const { currency, id: payee, name } = payer.payee;
    const amount = (10 + number / 100).toFixed(2);
    const title = `${amount} ${currency} to ${name}`;
    const [asker, agreer] = [colleague(number), colleague(number + 1 + (number % 7))];
    const user = officePeople.slack[asker] ?? '';
    const since = slackNow(slack);
    const isPosted = (one: SlackMessage) =>
      one.channel === channel && one.onlyFor === undefined && one.threadTs === undefined;
    const findCard = () =>
      findOnSlack(slack, since, (one) => isPosted(one) && titleOf(one) === title);
    const card = await ask(
      { user, title, line: `/payout ${payer.provider} ${amount} ${currency} ${payee}` },
      findCard,
    );
    const isInDiscord = discordEvery > 0 && number % discordEvery === 0;
    await insist(
      () => (isInDiscord ? agreeInDiscord(agreer, title) : agreeInSlack(agreer, card)),
      () => (agreedPattern.test(`${wordsOf(card)} `) ? true : undefined),
      `agreed to ${title}`,
    );
    fed.push({ amount, payer, card });
  };

  /** Types it, looks at the preview and sends it on, until it stands where everybody sees it. */
  const ask = async (
    { user, title, line }: { user: string; title: string; line: string },
    findCard: () => SlackMessage | undefined,
  ): Promise<SlackMessage> => {
    let since = slackNow(slack);
    const told = (what: string) =>
      findOnSlack(slack, since, (one) => one.onlyFor === user && wordsOf(one).includes(what));
    const findPreview = () =>
      findOnSlack(
        slack,
        since,
        (one) => one.onlyFor === user && titleOf(one).includes(`Ask for ${title}?`),
      );
    const typing = () => slack.server.people.command(user, channel, line);
    for (let tries = 0; tries < triesMax; tries += 1) {
      const preview = await insist(typing, () => findCard() ?? findPreview(), `asked ${title}`);
      if (preview.onlyFor === undefined) return preview;
      const pressing = () => pressOnSlack(slack, user, preview, 'Ask for approval');
      const isGone = () => told('no longer open');
      const found = await insist(pressing, () => findCard() ?? isGone(), `sent on ${title}`);
      if (found.onlyFor === undefined) return found;
      // It was sent on, or lost with the process that kept it: nobody knows before this long.
      const late = await untilOnSlack(slack, findCard, patienceMs);
      if (late !== undefined) return late;
      since = slackNow(slack);
    }
    throw new Error(`asked for ${title} in vain`);
  };

  const agreeInSlack = (who: string, card: SlackMessage) =>
    pressOnSlack(slack, officePeople.slack[who] ?? '', card, 'Approve');

  const agreeInDiscord = async (who: string, title: string) => {
    const user = officePeople.discord[who] ?? '';
    const source = findOnDiscord(
      discord,
      channels.discord.approvals,
      (read) => read.title === title && read.buttons.some(({ label }) => label === 'Approve'),
    );
    if (source === undefined) return false;
    return pressOnDiscord(discord, user, source, 'Approve');
  };

  const countOpen = () => fed.filter(({ card }) => !endedPattern.test(`${wordsOf(card)} `)).length;

  const live = async (): Promise<void> => {
    while (begun < wanted) {
      const number = begun;
      begun += 1;
      await untilDue?.(number);
      try {
        await pay(number);
      } catch (error) {
        lost.push(error instanceof Error ? error.message : String(error));
      }
      if (number % 20 === 0) {
        await untilOnSlack(slack, () => (countOpen() < openMax ? true : undefined), 60_000);
      }
      if (pauseMs > 0) await pass(pauseMs);
    }
  };

  const begin = () => Promise.all(Array.from({ length: lanes }, live));
  const all = begin();
  return {
    fed,
    lost,
    async stop() {
      wanted = 0;
      await all;
    },
    begun: () => begun,
    async untilFed(count) {
      wanted = count;
      await all;
      if (begun < wanted) await begin();
    },
  };
}

function titleOf({ blocks }: SlackMessage): string {
  return readBlocks(blocks).title;
}

function pass(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
