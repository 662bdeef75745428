// Keeps what is posted true: the card of each payout and payee in the approvals channels follows its
// state, the audit channels get each step, the alerts channels what must not be overlooked, and the
// requester hears how it ended. The store remembers where a card stands; everything here can be lost
// and is made again from the payouts themselves.
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
import { createOutbox, type Outbox } from './outbox.ts';
import type { Notice, PayoutOffice } from './payouts/index.ts';
import { finalStates, type Payout } from './payouts/types.ts';
import { createPostedCards, type How, lookBackMs, type Target } from './posted.ts';
import type { Store } from './store/types.ts';
import type { Team } from './team.ts';

export interface Announcer {
  /** After a start: begins to bring every card of open work up to date, and to post those that are gone. */
  recover(): Promise<void>;
  /** Begins what another replica made due, and did not live to show. Costs no request where nothing is. */
  repair(): Promise<void>;
  /** Tries again what could not be posted. */
  tick(): Promise<void>;
  notify(notice: Notice): void;
  /** What could not be posted yet. */
  countWaiting(): number;
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

const alarmsMax = 20_000;
/** A step or a reminder of yesterday helps nobody; cards and alarms are tried for ever. */
const newsForMs = 6 * 3_600_000;
/** The clock of another replica that goes a little before ours. */
const skewMs = 5 * 60_000;
/** Longer than another replica is not missed. */
const repairForMs = 3_600_000;

export function createAnnouncer(deps: AnnouncerDeps): Announcer {
  const { team, payouts, posters, clock, log } = deps;
  const outbox = createOutbox({ clock, log });
  const posted = createPostedCards({ store: deps.store, clock, log });
  let count = 0;

  const nameOf = (id: string) => team.people.find((person) => person.id === id)?.name ?? id;
  const channelsFor = (use: ChannelUse) => listChannels(team.channels[use], posters);

  const showPayout = (id: string, after: After = 'step') => {
    for (const target of channelsFor('approvals')) {
      add(after, `${id} ${target.key}`, async (tries) => {
        const compose = async () => {
          const payout = await payouts.desk.find(id);
          if (payout === undefined) return undefined;
          const card = composePayoutCardFor({ payouts, team }, payout);
          const isOver = finalStates.has(payout.state);
          // Whoever was to tell its requester may be dead.
          const isUntold = isOver && !(await isHeard(payout));
          return { card: { ...card, mentions: listDeciders(payout) }, isOver, isUntold };
        };
        await posted.show(target, id, compose, howAfter(after, tries));
      });
    }
  };

  /** What another replica left behind is not hurried where it is under way here already. */
  const add = (after: After, ...given: Parameters<Outbox['add']>) => {
    if (after !== 'repair' || !outbox.has(given[0])) outbox.add(...given);
  };

  const showPayee = (id: string, after: After = 'step') => {
    for (const target of channelsFor('approvals')) {
      add(after, `payee ${id} ${target.key}`, async (tries) => {
        const compose = async () => {
          const payee = await payouts.payees.find(id);
          if (payee === undefined) return undefined;
          const card = await composePayeeCard({ payouts, team }, payee);
          return { card, isOver: payee.proposed === undefined };
        };
        await posted.show(target, `payee ${id}`, compose, howAfter(after, tries));
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
          await poster.post(channel, card, await posted.findMessage(payout.id, key));
        },
        { giveUpAfterMs: newsForMs },
      );
    }
  };

  /** Undefined where there is nothing to tell: it goes on, or they took it back themselves. */
  const findRequesterPoster = ({ state, place }: Payout) =>
    toldStates.has(state) && state !== 'cancelled'
      ? posters.find(({ platform }) => platform === place.platform)
      : undefined;

  const isHeard = async (payout: Payout) =>
    findRequesterPoster(payout) === undefined || (await posted.has(nameTelling(payout)));

  const composeLine = (payout: Payout) =>
    composePayoutLine(composePayoutCardFor({ payouts, team }, payout), payout);

  /** Once for each state, and not lost: the store remembers that it was said, or given up. */
  const tellRequester = (payout: Payout, after: After = 'step') => {
    const poster = findRequesterPoster(payout);
    const { id, state } = payout;
    const subject = `requester ${id}`;
    if (poster === undefined) return;
    const { platform } = poster;
    const { team: workspace, user } = payout.place;
    const account: Account = {
      ...{ platform, user },
      ...(workspace === undefined ? {} : { team: workspace }),
    };
    const sayOnce = (say: () => Promise<void>) => async () => {
      await posted.sayOnce(nameTelling(payout), platform, say);
      if (finalStates.has(state)) showPayout(id);
    };
    const say = sayOnce(() => poster.tell(account, composeLine(payout)));
    const onGivenUp = () => outbox.add(subject, sayOnce(nothing));
    add(after, subject, say, { giveUpAfterMs: newsForMs, onGivenUp });
  };

  /** Once for each payout and channel, and not lost: the store remembers that it was said. */
  const raise = (payout: Payout, after: After = 'step') => {
    for (const target of channelsFor('alerts')) {
      const id = `alarm ${payout.id} ${payout.state} ${target.key}`;
      add(after, id, (tries) =>
        posted.postOnce(target, id, composeAlarm(payout), after !== 'step' || tries > 0),
      );
    }
  };

  payouts.journal.subscribe((payout, before, by) => {
    showPayout(payout.id, before === undefined ? 'request' : 'step');
    const step = composePayoutStep(payout, before, nameOf(by.person));
    if (step !== undefined) broadcast('audit', step);
    if (payout.state !== before?.state && toldStates.has(payout.state)) {
      addToThread(payout, composeLine(payout), false);
      tellRequester(payout);
    }
    if (isAlarming(payout)) raise(payout);
  });
  payouts.payees.subscribe((payee, step) => {
    broadcast('audit', composePayeeStep(payee, step, nameOf(step.person)));
    if (payee.proposed !== undefined || isShowing(payee.id)) {
      showPayee(payee.id, payee.versions === 1 ? 'request' : 'step');
    } else refreshPayee(payee.id);
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
      const known = channelsFor('approvals').map(({ key }) => posted.has(`payee ${id} ${key}`));
      if ((await Promise.all(known)).includes(true)) showPayee(id);
    });
  };

  /** Those of them that ended before one of the channels had their card, or their requester heard of it. */
  async function listUnheard(recent: readonly Payout[]): Promise<string[]> {
    const sinceMs = Math.min(...recent.map(({ requestedAtMs }) => requestedAtMs));
    if (!Number.isFinite(sinceMs)) return [];
    const heard = await posted.listSince(sinceMs - skewMs);
    const keys = channelsFor('approvals').map(({ key }) => key);
    const namesOf = (payout: Payout) => [
      ...keys.map((key) => `${payout.id} ${key}`),
      ...(findRequesterPoster(payout) === undefined ? [] : [nameTelling(payout)]),
    ];
    return recent
      .filter((payout) => namesOf(payout).some((name) => !heard.has(name)))
      .map(({ id }) => id);
  }

  /** Cards of what is open, of what ended while its channel was away, and of the news. */
  async function refresh(after: After, news: readonly Payout[]): Promise<void> {
    const stale = new Set((await payouts.desk.listOpen()).map(({ id }) => id));
    const payees = (await payouts.payees.list()).filter(({ proposed }) => proposed !== undefined);
    const stalePayees = new Set(payees.map(({ id }) => id));
    for (const subject of await posted.listOpen()) {
      const [, payee] = /^payee (.+)$/.exec(subject) ?? [];
      if (payee === undefined) stale.add(subject);
      else stalePayees.add(payee);
    }
    for (const id of await listUnheard(news)) stale.add(id);
    for (const id of stale) {
      showPayout(id, after);
      // Who made its last step may have had no time for anything else either.
      const payout = await payouts.desk.find(id);
      if (payout === undefined) continue;
      tellRequester(payout, after);
      if (isAlarming(payout)) raise(payout, after);
    }
    for (const id of stalePayees) showPayee(id, after);
  }

  return {
    async recover() {
      const recent = await payouts.desk.listSince(clock.now() - lookBackMs, alarmsMax);
      const isNews = ({ requestedAtMs, endedAtMs = requestedAtMs }: Payout) =>
        endedAtMs > clock.now() - newsForMs;
      await refresh('start', recent.filter(isNews));
      for (const payout of recent.filter(isAlarming)) raise(payout, 'start');
    },
    async repair() {
      const recent = await payouts.desk.listSince(clock.now() - repairForMs, alarmsMax);
      await refresh('repair', recent);
      for (const payout of recent.filter(isAlarming)) raise(payout, 'repair');
    },
    async tick() {
      await payouts.journal.retell();
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
        const message = await posted.findMessage(payout, key);
        if (message !== undefined) return poster.linkTo?.(channel, message);
      }
      return undefined;
    },
    countWaiting: () => outbox.countWaiting(),
    settle: () => outbox.settle(),
  };
}

/** Why a card is looked at. */
type After = 'request' | 'step' | 'start' | 'repair';

function howAfter(after: After, tries: number): How {
  // Only what has just been asked for has no card for certain: whoever posted one may have died of it.
  return { isDoubtful: after !== 'request' || tries > 0, isForced: after === 'start' };
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

const nothing = async () => {};

/** The record of what its requester was told. */
function nameTelling({ id, state }: Payout): string {
  return `requester ${id} ${state}`;
}

/** Who is waited for: they are the ones to notify. */
function listDeciders({ state, requirement, decisions }: Payout): string[] {
  if (state !== 'requested') return [];
  const done = decisions.map(({ person }) => person);
  return requirement.from.filter((id) => !done.includes(id));
}
