// The payouts in the store: every step is compare-and-set, stands in the audit log in the same
// commit, and is told to whoever shows it.
import { ConflictError, StoreError } from '../errors.ts';
import type { PayoutNews } from '../providers/payouts.ts';
import { canonicalJson, createRecords, type Records } from '../store/index.ts';
import type { RecordChange, Store } from '../store/types.ts';
import { type PayoutEvent, type Refusal, step } from './lifecycle.ts';
import { finalStates, type Payout, type Place, payoutSchema } from './types.ts';

/** Who made a step: `purser` for what no person did. */
export interface Actor {
  readonly person: string;
  readonly place?: Place;
}

export type Applied =
  | { readonly ok: true; readonly payout: Payout }
  | { readonly ok: false; readonly refusal: Refusal; readonly payout: Payout };

export interface PayoutJournal {
  readonly records: Records<Payout>;
  find(id: string): Promise<Payout | undefined>;
  /** With a guard of `createTurns` in the same commit. Throws `ConflictError`. */
  insert(payout: Payout, actor: Actor, guard: RecordChange): Promise<void>;
  apply(id: string, event: PayoutEvent, actor: Actor): Promise<Applied>;
  /** With a guard of `createTurns` in the same commit. Throws `ConflictError` where either was changed. */
  applyGuarded(id: string, event: PayoutEvent, actor: Actor, guard: RecordChange): Promise<Applied>;
  /**
   * Bookkeeping that is no step of its life: when to look again, reminders, alarms. With the name
   * of an event it stands in the audit log too. Undefined where it is not wanted any more: another
   * replica may have noted it.
   */
  note(
    id: string,
    fields: Partial<Pick<Payout, 'nextCheckAtMs' | 'reminders' | 'alarmedAtMs' | 'disputed'>>,
    options?: { readonly event?: string; isWanted?(payout: Payout): boolean },
  ): Promise<Payout | undefined>;
  /** Called after every durable change. */
  subscribe(listener: PayoutListener): void;
  /** Looks again at steps whose writing failed: where one stands all the same, it is told now. */
  retell(): Promise<void>;
}

export type PayoutListener = (payout: Payout, before: Payout | undefined, by: Actor) => void;

const purser: Actor = { person: 'purser' };

/** A step whose writing has failed: `after` stands, or it does not. */
interface Doubt {
  readonly before: Payout | undefined;
  readonly after: Payout;
  readonly by: Actor;
}

export function createPayoutJournal(store: Store): PayoutJournal {
  const listeners: PayoutListener[] = [];
  const tell: PayoutListener = (payout, before, by) => {
    for (const listener of listeners) listener(payout, before, by);
  };
  const records = createRecords<Payout>(store, {
    kind: 'payout',
    schema: payoutSchema,
    idOf: ({ id }) => id,
    keyOf: ({ content }) => content.reference,
    isOpen: ({ state }) => !finalStates.has(state),
  });

  const doubtful = new Map<string, Doubt>();
  const keepDoubt = (error: unknown, id: string, doubt: Doubt): never => {
    const isDoubt = error instanceof StoreError && !(error instanceof ConflictError);
    const first = doubtful.get(id);
    // What was told of it last is what stood before the first of several.
    if (isDoubt)
      doubtful.set(id, { ...doubt, before: first === undefined ? doubt.before : first.before });
    throw error;
  };

  async function apply(
    id: string,
    event: PayoutEvent,
    by: Actor,
    guard?: RecordChange,
  ): Promise<Applied> {
    const { person, place } = by;
    let refusal: Refusal = 'wrong_state';
    let seen: Payout | undefined;
    let wanted: Payout | undefined;
    const decide = (payout: Payout | undefined) => {
      if (payout === undefined) throw new StoreError(`There is no payout ${id}.`);
      seen = payout;
      const made = step(payout, event);
      if (!made.ok) {
        refusal = made.refusal;
        return undefined;
      }
      wanted = made.payout;
      const { type, ...facts } = event;
      return {
        next: made.payout,
        ...(guard === undefined ? {} : { also: [guard] }),
        audit: {
          ...facts,
          event: `payout.${type}`,
          payout: id,
          person,
          place,
          ...('from' in event ? { source: event.from } : {}),
          from: payout.state,
          to: made.payout.state,
          rule: payout.requirement.rule,
          contentHash: made.payout.contentHash,
          ...('news' in event ? { news: describeNews(event.news) } : {}),
        },
      };
    };
    const change = guard === undefined ? records.change : records.changeOnce;
    const changed = await change(id, decide).catch((error: unknown) => {
      // Without a step that was tried there is none to doubt.
      if (wanted === undefined) throw error;
      return keepDoubt(error, id, { before: seen, after: wanted, by });
    });
    if (changed === undefined) {
      if (seen === undefined) throw new StoreError(`There is no payout ${id}.`);
      return { ok: false, refusal, payout: seen };
    }
    tell(changed.after, changed.before, by);
    return { ok: true, payout: changed.after };
  }

  return {
    records,
    apply: (id, event, by) => apply(id, event, by),
    applyGuarded: apply,
    subscribe: (listener) => {
      listeners.push(listener);
    },
    async retell() {
      for (const [id, doubt] of doubtful) {
        const found = (await records.find(id))?.value;
        if (doubtful.get(id) === doubt) doubtful.delete(id);
        const { before, after, by } = doubt;
        if (found === undefined || isSame(found, before)) continue;
        // What another replica made of it meanwhile has been told by that one, with its own name.
        tell(found, isSame(found, after) ? before : found, by);
      }
    },
    find: async (id) => (await records.find(id))?.value,
    async insert(payout, by, guard) {
      const { person, place } = by;
      const audit = {
        event: 'payout.requested',
        payout: payout.id,
        person,
        place,
        rule: payout.requirement.rule,
        why: payout.requirement.why,
        need: payout.requirement.need,
        from: payout.requirement.from,
        content: payout.content,
        contentHash: payout.contentHash,
        duplicates: payout.duplicates,
      };
      await records
        .insert(payout, audit, [guard])
        .catch((error: unknown) =>
          keepDoubt(error, payout.id, { before: undefined, after: payout, by }),
        );
      tell(payout, undefined, by);
    },
    async note(id, fields, { event, isWanted = () => true } = {}) {
      const changed = await records.change(id, (payout) => {
        if (payout === undefined || !isWanted(payout)) return undefined;
        const audit = {
          event: `payout.${event}`,
          payout: id,
          person: 'purser',
          state: payout.state,
        };
        return { next: { ...payout, ...fields }, ...(event === undefined ? {} : { audit }) };
      });
      if (changed !== undefined) tell(changed.after, changed.before, purser);
      return changed?.after;
    },
  };
}

/** But for bookkeeping, which anybody may have done meanwhile. */
function isSame(one: Payout | undefined, other: Payout | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return canonicalJson(toSteps(one)) === canonicalJson(toSteps(other));
}

function toSteps(payout: Payout): object {
  const {
    nextCheckAtMs: _next,
    reminders: _said,
    alarmedAtMs: _at,
    disputed: _why,
    ...steps
  } = payout;
  return steps;
}

/** Amounts are no JSON: the news goes into the audit log as text. */
function describeNews({ amount: _amount, ...news }: PayoutNews): object {
  return news;
}
