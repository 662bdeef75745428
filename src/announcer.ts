// Keeps what is posted true: the card of each payout and payee in the approvals channels follows its
// state, the audit channels get each step, the alerts channels what must not be overlooked, and the
// requester hears how it ended. The store remembers where a card stands; everything here can be lost
// and is made again from the payouts themselves.
import { z } from 'zod';
import type { Clock } from './clock.ts';
import {
  composeAlarm,
  composeAlert,
  composeFreezeAlert,
  composeFreezeStep,
  composePayeeStep,
  composePayoutStep,
  composeReminder,
  isAlarming,
} from './commands/announcements.ts';
import type { Card } from './commands/card.ts';
import { composePayeeCard } from './commands/payee-card.ts';
import { composePayoutLine } from './commands/payout-card.ts';
import { composePayoutCardFor } from './commands/payout-view.ts';
import type { Account, Poster } from './commands/types.ts';
import type { Log } from './log.ts';
import { createOutbox } from './outbox.ts';
import type { Notice, PayoutOffice } from './payouts/index.ts';
import { finalStates, type Payout } from './payouts/types.ts';
import { createRecords } from './store/index.ts';
import type { Store } from './store/types.ts';
import type { Team } from './team.ts';

export interface Announcer {
  /** Begins to bring every card of open work up to date, and to post those that are gone. */
  recover(): Promise<void>;
  /** Tries again what could not be posted. */
  tick(): Promise<void>;
  notify(notice: Notice): void;
  /** The address of a payout's card on that platform, where it has one. */
  findLink(payout: string, platform: string): Promise<string | undefined>;
  /** Resolves when nothing is being posted; what has failed waits for its next try. */
  settle(): Promise<void>;
}

export interface AnnouncerDeps {
  readonly store: Store;
  readonly team: Team;
  readonly payouts: PayoutOffice;
  readonly posters: readonly Poster[];
  readonly clock: Clock;
  readonly log: Log;
}

type ChannelUse = keyof Team['channels'];

const postSchema = z.object({
  /** `<payout or payee> <channel>`, `alarm <payout> <state> <channel>` */
  id: z.string(),
  channel: z.string(),
  message: z.string(),
  isOver: z.boolean(),
});

/** What was to be told when Purser died is told after the next start, this far back. */
const alarmsForMs = 31 * 24 * 3_600_000;
const alarmsMax = 20_000;
/** A step or a reminder of yesterday helps nobody; cards and alarms are tried for ever. */
const newsForMs = 6 * 3_600_000;

export function createAnnouncer(deps: AnnouncerDeps): Announcer {
  const { team, payouts, posters, clock, log } = deps;
  const outbox = createOutbox({ clock, log });
  const posts = createRecords(deps.store, {
    kind: 'post',
    schema: postSchema,
    idOf: ({ id }) => id,
    isOpen: ({ isOver }) => !isOver,
  });
  /** Where a card stands, also while the store cannot keep it: it must not be posted again. */
  const messages = new Map<string, string>();
  /** What each card says since this start: bookkeeping that changes no word costs no request. */
  const said = new Map<string, string>();
  let count = 0;

  const nameOf = (id: string) => team.people.find((person) => person.id === id)?.name ?? id;
  const channelsFor = (use: ChannelUse) => listChannels(team.channels[use], posters);

  /** `isDoubtful`: it may have been posted by a try, or a Purser, that did not live to write it down. */
  async function show(
    { key, poster, channel }: Target,
    { subject, card, isOver }: Shown,
    isDoubtful: boolean,
  ): Promise<void> {
    const id = `${subject} ${key}`;
    const text = JSON.stringify(card);
    const last = (await posts.find(id))?.value;
    // What was over and begins anew, like another change of a payee, must be seen: it is posted.
    const kept = last?.isOver === true && !isOver ? undefined : last;
    if (said.get(id) === text && kept?.isOver === isOver) return;
    const unkept = messages.get(id) ?? (await findPosted(isDoubtful && last === undefined));
    const posted =
      unkept === undefined ? kept : { id, channel: key, message: unkept, isOver: false };
    const isThere = posted !== undefined && (await poster.update(channel, posted.message, card));
    // What is over and gone need not be posted again.
    if (!isThere && posted !== undefined && posted.isOver) return;
    const message = isThere ? posted.message : await poster.post(channel, card);
    if (isOver) said.delete(id);
    else said.set(id, text);
    if (isThere && unkept === undefined && posted.isOver === isOver) return;
    messages.set(id, message);
    await posts.change(id, () => ({ next: { id, channel: key, message, isOver } }));
    messages.delete(id);

    async function findPosted(isWanted: boolean): Promise<string | undefined> {
      const { mark } = card;
      if (!isWanted || mark === undefined) return undefined;
      return poster.find(channel, mark, clock.now() - alarmsForMs);
    }
  }

  const showPayout = (id: string, isDoubtful = false) => {
    for (const target of channelsFor('approvals')) {
      outbox.add(`${id} ${target.key}`, async (tries) => {
        const payout = await payouts.desk.find(id);
        if (payout === undefined) return;
        const card = {
          ...composePayoutCardFor({ payouts, team }, payout),
          mentions: listDeciders(payout),
        };
        const isOver = finalStates.has(payout.state);
        await show(target, { subject: id, card, isOver }, isDoubtful || tries > 0);
      });
    }
  };

  const showPayee = (id: string, isDoubtful = false) => {
    for (const target of channelsFor('approvals')) {
      outbox.add(`payee ${id} ${target.key}`, async (tries) => {
        const payee = await payouts.payees.find(id);
        if (payee === undefined) return;
        const card = await composePayeeCard({ payouts, team }, payee);
        const isOver = payee.proposed === undefined;
        await show(target, { subject: `payee ${id}`, card, isOver }, isDoubtful || tries > 0);
      });
    }
  };

  const broadcast = (use: ChannelUse, card: Card) => {
    for (const { key, poster, channel } of channelsFor(use)) {
      count += 1;
      outbox.add(
        `${use} ${key} ${count}`,
        async () => {
          await poster.post(channel, card);
        },
        { giveUpAfterMs: newsForMs },
      );
    }
  };

  /** In the thread of the payout's card; `isForAll` says whether channels without threads hear it. */
  const addToThread = (payout: Payout, card: Card, isForAll: boolean) => {
    for (const { key, poster, channel } of channelsFor('approvals')) {
      if (!poster.hasThreads && !isForAll) continue;
      count += 1;
      const id = `${payout.id} ${key}`;
      outbox.add(
        `thread ${id} ${count}`,
        async () => {
          await outbox.after(id);
          const under = messages.get(id) ?? (await posts.find(id))?.value.message;
          await poster.post(channel, card, under);
        },
        { giveUpAfterMs: newsForMs },
      );
    }
  };

  /** Once for each payout and channel, and not lost: the store remembers that it was said. */
  const raise = (payout: Payout, isDoubtful = false) => {
    for (const { key, poster, channel } of channelsFor('alerts')) {
      const id = `alarm ${payout.id} ${payout.state} ${key}`;
      outbox.add(id, async (tries) => {
        if (messages.has(id) || (await posts.find(id)) !== undefined) return;
        const card = composeAlarm(payout);
        const isWanted = (isDoubtful || tries > 0) && card.mark !== undefined;
        const sinceMs = clock.now() - alarmsForMs;
        const found = isWanted ? await poster.find(channel, card.mark, sinceMs) : undefined;
        const message = found ?? (await poster.post(channel, card));
        messages.set(id, message);
        await posts.change(id, () => ({ next: { id, channel: key, message, isOver: true } }));
        messages.delete(id);
      });
    }
  };

  payouts.journal.subscribe((payout, before, by) => {
    showPayout(payout.id);
    const step = composePayoutStep(payout, before, nameOf(by.person));
    if (step !== undefined) broadcast('audit', step);
    if (payout.state !== before?.state && toldStates.has(payout.state)) {
      const line = composePayoutLine(composePayoutCardFor({ payouts, team }, payout), payout);
      addToThread(payout, line, false);
      if (payout.state !== 'cancelled') tellRequester(payout, line);
    }
    if (isAlarming(payout)) raise(payout);
  });
  payouts.payees.subscribe((payee, step) => {
    broadcast('audit', composePayeeStep(payee, step, nameOf(step.person)));
    if (payee.proposed !== undefined || isShowing(payee.id)) showPayee(payee.id);
    else refreshPayee(payee.id);
  });
  payouts.freezes.subscribe((freeze, person) => {
    const { scope } = freeze;
    const provider = payouts.payers.get(scope)?.name ?? scope;
    const what = scope === 'all' ? 'All payouts' : `Payouts at ${provider}`;
    broadcast('audit', composeFreezeStep(freeze, what, nameOf(person)));
    const alert = composeFreezeAlert(freeze, what);
    if (alert !== undefined) broadcast('alerts', alert);
  });

  const isShowing = (payee: string) =>
    channelsFor('approvals').some(({ key }) => outbox.has(`payee ${payee} ${key}`));

  /** A payee without a card of its own is not posted because it was removed or decided. */
  const refreshPayee = (id: string) => {
    outbox.add(`refresh ${id}`, async () => {
      const known = channelsFor('approvals').map(({ key }) => posts.find(`payee ${id} ${key}`));
      if ((await Promise.all(known)).some((post) => post !== undefined)) showPayee(id);
    });
  };

  /** Those of the last hours that ended before one of the channels had their card. */
  async function listUnheard(recent: readonly Payout[]): Promise<Payout[]> {
    const news = recent.filter(({ requestedAtMs }) => requestedAtMs > clock.now() - newsForMs);
    const heard = await Promise.all(
      news.map(({ id }) =>
        Promise.all(channelsFor('approvals').map(({ key }) => posts.find(`${id} ${key}`))),
      ),
    );
    return news.filter((_, index) => heard[index]?.includes(undefined));
  }

  function tellRequester({ id, state, place }: Payout, card: Card): void {
    const { platform, team: workspace, user } = place;
    const poster = posters.find((one) => one.platform === platform);
    if (poster === undefined) return;
    const account: Account = {
      platform: poster.platform,
      user,
      ...(workspace === undefined ? {} : { team: workspace }),
    };
    const giveUpAfterMs = newsForMs;
    outbox.add(`requester ${id} ${state}`, () => poster.tell(account, card), { giveUpAfterMs });
  }

  return {
    async recover() {
      const stale = new Set((await payouts.desk.listOpen()).map(({ id }) => id));
      // What ended while its channel was away, or while Purser stopped, is not open any more.
      for (const { id } of await posts.listOpen()) {
        const [subject = '', payee = ''] = id.split(' ');
        if (subject === 'payee') showPayee(payee, true);
        else stale.add(subject);
      }
      const recent = await payouts.desk.listSince(clock.now() - alarmsForMs, alarmsMax);
      for (const { id } of await listUnheard(recent)) stale.add(id);
      for (const id of stale) showPayout(id, true);
      for (const { id, proposed } of await payouts.payees.list()) {
        if (proposed !== undefined) showPayee(id, true);
      }
      for (const payout of recent.filter(isAlarming)) raise(payout, true);
    },
    async tick() {
      outbox.tick();
    },
    notify(notice) {
      const { payout } = notice;
      const left = listDeciders(payout);
      if (notice.kind === 'alarm') {
        broadcast('alerts', composeAlert(payout, notice.text));
      } else if (notice.isEscalated) {
        const wider = team.people.filter(({ roles }) => roles.includes(team.expiry.escalate_to));
        const mentions = wider.map(({ id }) => id);
        const card = composeReminder(payout, left.map(nameOf), mentions.map(nameOf));
        broadcast('alerts', { ...card, mentions });
      } else {
        const card = composeReminder(payout, left.map(nameOf));
        addToThread(payout, { ...card, mentions: left }, true);
      }
      showPayout(payout.id);
    },
    async findLink(payout, platform) {
      for (const { key, poster, channel } of channelsFor('approvals')) {
        if (poster.platform !== platform) continue;
        const id = `${payout} ${key}`;
        const message = messages.get(id) ?? (await posts.find(id))?.value.message;
        if (message !== undefined) return poster.linkTo?.(channel, message);
      }
      return undefined;
    },
    settle: () => outbox.settle(),
  };
}

/** A card in the approvals channels. */
interface Shown {
  readonly subject: string;
  readonly card: Card;
  readonly isOver: boolean;
}

export interface Target {
  /** `playground:approvals` */
  readonly key: string;
  readonly poster: Poster;
  readonly channel: string;
}

/** The named channels of running bots; the playground is never without one. */
export function listChannels(keys: readonly string[], posters: readonly Poster[]): Target[] {
  const named = keys.flatMap((key): Target[] => {
    const [platform, channel = ''] = key.split(/:(.*)/s);
    const poster = posters.find((one) => one.platform === platform);
    return poster === undefined ? [] : [{ key, poster, channel }];
  });
  const playground = posters.find(({ platform }) => platform === 'playground');
  if (named.length > 0 || playground === undefined) return named;
  return [{ key: 'playground:general', poster: playground, channel: 'general' }];
}

const toldStates: ReadonlySet<Payout['state']> = new Set([...finalStates, 'unknown']);

/** Who is waited for: they are the ones to notify. */
function listDeciders({ state, requirement, decisions }: Payout): string[] {
  if (state !== 'requested') return [];
  const done = decisions.map(({ person }) => person);
  return requirement.from.filter((id) => !done.includes(id));
}
