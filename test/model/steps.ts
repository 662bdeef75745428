// What can happen to one team, as plain data that fast-check makes and makes smaller. Whom and what
// a step is about are numbers, taken from what is there when its turn comes.
import fc from 'fast-check';
import { tokenOf } from '../../src/payouts/index.ts';
import { type Payout, type Place, verdicts } from '../../src/payouts/types.ts';
import { type Books, createModes, statusModes } from './books.ts';
import { approvers, type Person, people } from './people.ts';
import type { World } from './world.ts';

const weights = {
  request: 10,
  approve: 14,
  click_again: 4,
  burst: 8,
  reject: 1,
  cancel: 1,
  close: 3,
  freeze: 1,
  freeze_meanwhile: 2,
  stall_meanwhile: 2,
  lift: 4,
  payee_change: 2,
  payee_decide: 2,
  crash: 3,
  lose_claims: 1,
  disk_fault: 3,
  minutes: 4,
  hours: 2,
  clock_back: 1,
  create_mode: 4,
  status_mode: 4,
  advance: 8,
  webhook: 8,
  tick: 10,
} as const;
type StepName = keyof typeof weights;

export interface Step {
  readonly name: StepName;
  readonly person: Person;
  readonly platform: 'slack' | 'discord';
  /** Which of those that there are, counted from the newest. */
  readonly which: number;
  /** Which way. */
  readonly way: number;
  /** How much of what is under way goes on before the next step. */
  readonly turns: number;
}

const names = (Object.keys(weights) as StepName[]).flatMap((name) =>
  Array.from({ length: weights[name] }, () => name),
);

export const steps = (countMax: number): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.record({
      name: fc.constantFrom(...names),
      person: fc.constantFrom(...people),
      platform: fc.constantFrom('slack', 'discord'),
      which: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(5)),
      way: fc.nat(23),
      turns: fc.oneof(fc.constant(100_000), fc.constant(0), fc.nat(30)),
    }),
    { maxLength: countMax, size: 'max' },
  );

export interface Player {
  play(step: Step): Promise<void>;
}

export const payeeOf = { acme: 'maria', mute: 'taller' } as const;
const amounts = ['40.00', '41.00', '42.00', '90.00', '250.00', '251.00', '600.00'];
const minuteMs = 60_000;

/** Every click can come again, with the token that its button had. */
interface Click {
  readonly person: Person;
  readonly platform: Step['platform'];
  make(person: Person, place: Place): void;
}

export function createPlayer(world: World): Player {
  const { laws, books, launch } = world;
  const [acme, mute] = books;
  const clicks: Click[] = [];
  const tokens = new Set<string>();
  let accounts = 1000;

  const click = ({ person, platform }: Step, make: Click['make']) => {
    clicks.push({ person, platform, make });
    make(person, { platform, user: `${platform}-${person}` });
  };
  const pickPayout = (step: Step): Payout | undefined => pickNewest(world.listPayouts(), step);
  const pickBooks = ({ way }: Step): Books => (way % 3 === 0 ? mute : acme);
  const pickToken = (step: Step): string | undefined => {
    const payout = pickPayout(step);
    if (payout === undefined) return undefined;
    tokens.add(tokenOf(payout));
    const old = [...tokens].filter((token) => token.startsWith(payout.id));
    return step.way % 3 === 0 ? old[0] : tokenOf(payout);
  };

  const request = (step: Step) => {
    const provider = step.way % 3 === 0 ? 'mute' : 'acme';
    const payee = payeeOf[provider];
    const amount = amounts[step.way % amounts.length] ?? '';
    const ask = async (person: Person, place: Place) => {
      const { desk } = world.office;
      const typed = { provider, payee, amount, currency: 'USD', note: 'invoice' };
      const { id } = await desk.preview(typed, person);
      laws.request(id, { person, provider, payee, amount });
      const post = () => launch(() => world.office.desk.post(id, person, place));
      post();
      if (step.way % 4 === 0) post();
    };
    const times = step.way % 5 === 0 ? 2 : 1;
    for (let time = 0; time < times; time += 1) {
      click(step, (person, place) => launch(() => ask(person, place)));
    }
  };
  const approveAs = (step: Step) => {
    const token = pickToken(step);
    if (token === undefined) return;
    click(step, (person, place) => {
      laws.click('approve', person, token);
      launch(() => world.office.desk.approve(token, person, place));
    });
  };
  /** Mostly by those who may. */
  const approve = (step: Step) => {
    const approver = approvers[step.way % approvers.length] ?? step.person;
    approveAs(step.way % 4 === 0 ? step : { ...step, person: approver });
  };
  const burst = (step: Step) => {
    const count = 2 + (step.way % 4);
    for (const person of [step.person, ...approvers, step.person].slice(-count)) {
      approveAs({ ...step, person });
    }
  };
  const aboutPayout = (step: Step, act: (payout: Payout, person: Person, place: Place) => void) => {
    const payout = pickPayout(step);
    if (payout !== undefined) click(step, (person, place) => act(payout, person, place));
  };
  const freeze = (step: Step) =>
    click(step, (person, place) =>
      launch(() => world.office.freezes.freeze(scopeOf(step), person, 'strange mail', place)),
    );
  const decidePayee = (step: Step) =>
    click(step, (person, place) =>
      launch(async () => {
        const { id } = toInput(pickBooks(step), {});
        const version = (await world.office.payees.find(id))?.proposed?.version ?? 1;
        const isApproved = step.way % 4 !== 0;
        if (isApproved) laws.click('agree', person, id, version);
        await world.office.payees.decide(id, version, isApproved, person, place);
      }),
    );
  const webhook = (step: Step) => {
    const reference = pickPayout(step)?.content.reference ?? 'P';
    const claim = ['PAID', 'FAILED', 'RETURNED'][step.way % 3];
    const body = Buffer.from(JSON.stringify({ reference, providerStatus: claim }));
    const headers = { signature: step.way % 4 === 0 ? 'forged' : 'good' };
    const sent = { method: 'POST', query: new URLSearchParams(), headers, body };
    const times = step.way % 5 === 0 ? 2 : 1;
    for (let time = 0; time < times; time += 1) {
      launch(() => world.office.followUp.receive('acme', sent));
    }
  };

  const acts: Record<StepName, (step: Step) => void> = {
    request,
    approve,
    burst,
    click_again(step) {
      const again = pickNewest(clicks, { which: step.way });
      if (again === undefined) return;
      const { platform, person } = again;
      again.make(person, { platform, user: `${platform}-${person}` });
    },
    reject(step) {
      const token = pickToken(step);
      if (token === undefined) return;
      click(step, (person, place) => {
        laws.click('reject', person, token.split('.')[0] ?? '');
        launch(() => world.office.desk.reject(token, person, place, 'not this one'));
      });
    },
    cancel: (step) =>
      aboutPayout(step, ({ id }, person, place) => {
        laws.click('cancel', person, id);
        launch(() => world.office.desk.cancel(id, person, place));
      }),
    close: (step) =>
      aboutPayout(step, ({ id }, person, place) => {
        const verdict = verdicts[step.way % verdicts.length] ?? 'paid';
        laws.click('close', person, id, verdict);
        launch(() => world.office.desk.close(id, verdict, person, place, 'asked them'));
      }),
    freeze,
    freeze_meanwhile(step) {
      approve(step);
      world.turns.runLater(step.way, () => freeze(step));
    },
    /** The machine stands still between two turns, and its clock has gone on. */
    stall_meanwhile(step) {
      approve(step);
      world.turns.runLater(step.way, () => {
        world.moveClock(6 * minuteMs);
        launch(() => world.office.followUp.tick());
      });
    },
    lift(step) {
      const others = step.way % 2 === 0 ? [step.person] : approvers;
      for (const lifter of others) {
        click({ ...step, person: lifter }, (person, place) => {
          laws.click('lift', person, scopeOf(step));
          launch(() => world.office.freezes.lift(scopeOf(step), person, place));
        });
      }
    },
    payee_change(step) {
      accounts += 1;
      const input = toInput(pickBooks(step), { account: String(accounts).padStart(10, '0') });
      click(step, (person, place) =>
        launch(async () => {
          await world.office.payees.propose(input, false, person, place);
          if (step.way % 2 === 0) decidePayee({ ...step, person: 'eve', way: step.way + 1 });
        }),
      );
    },
    payee_decide: decidePayee,
    crash: ({ way }) => world.crash(way % 3 === 0),
    lose_claims: () => world.loseClaims(),
    disk_fault({ way }) {
      const good = Array.from({ length: way % 7 }, () => 'none' as const);
      world.diskFaults.push(...good, way % 2 === 0 ? 'in_doubt' : 'refused');
    },
    minutes: ({ way }) => world.moveClock((1 + way) * minuteMs),
    hours: ({ way }) => world.moveClock((1 + way * 2) * 60 * minuteMs),
    clock_back: ({ way }) => world.moveClock(-(1 + (way % 10)) * minuteMs),
    create_mode(step) {
      pickBooks(step).createMode = createModes[step.way % createModes.length] ?? 'take';
    },
    status_mode({ way }) {
      acme.statusMode = way > 11 ? 'honest' : (statusModes[way % statusModes.length] ?? 'honest');
    },
    advance(step) {
      const provider = pickBooks(step);
      const open = provider.orders.filter(
        ({ state }) => state !== 'failed' && state !== 'returned',
      );
      const booked = pickNewest(open, step);
      if (booked !== undefined) provider.advance(booked, step.way % 5 !== 0);
    },
    webhook,
    tick: () => launch(() => world.office.followUp.tick()),
  };

  return {
    async play(step) {
      acts[step.name](step);
      await world.turns.run(step.turns);
      for (const payout of world.listPayouts()) tokens.add(tokenOf(payout));
    },
  };
}

function scopeOf({ way }: Step): string {
  return ['acme', 'mute', 'all'][way % 3] ?? 'all';
}

export function toInput(books: Books, fields: Readonly<Record<string, string>>) {
  const [route] = books.payouts.routes;
  if (route === undefined) throw new TypeError('a provider that pays has a route');
  const id = books.isAskable ? payeeOf.acme : payeeOf.mute;
  return { id, name: 'Maria Rojas', provider: books.id, route, fields };
}

function pickNewest<T>(all: readonly T[], { which }: Pick<Step, 'which'>): T | undefined {
  return all[all.length - 1 - (which % Math.max(1, all.length))];
}
