// The border to providers: the real clients before their simulators, whose answers are bent on the way.
// A client answers or throws a ProviderError. An amount that it gives stands in the answer, digit by
// digit; nothing is paid or failed that the answer does not call so; an order that was taken is never
// called refused; and no secret and no account number comes out.
import { sign } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import type { Money } from '../../src/money.ts';
import { createPayermaxSandbox, createSandboxKeys } from '../../src/providers/payermax/sandbox.ts';
import type { PayoutKey, PayoutNews } from '../../src/providers/payouts.ts';
import { providerModules } from '../../src/providers/registry.ts';
import type { Sandbox, SandboxAnswer } from '../../src/providers/sandbox.ts';
import { openSubject } from '../contracts/provider.ts';
import { keyOf, openPayer } from '../contracts/provider-payer.ts';
import { borderTimeoutMs, holdBorder } from './border.ts';
import { bendAnswer, bends } from './json-bending.ts';

const input = fc.record({
  provider: fc.nat(providerModules.length - 1),
  call: fc.constantFrom('balance', 'create', 'status'),
  nth: fc.nat(20),
  bends,
  /** PayerMax signs its answers: what is bent before that is read deeper. */
  isSigned: fc.nat(9).map((chance) => chance > 0),
});
type Input = typeof input extends fc.Arbitrary<infer T> ? T : never;

const undoneCodes: ReadonlySet<string> = new Set(['auth_failed', 'rejected', 'unsupported']);
const finalStates: ReadonlySet<string> = new Set(['paid', 'failed', 'returned']);
/** A whole call with its reads and retries, on a machine that does much else. */
const mostMs = 10_000;

/** Simulators keep every order and are asked for all of them: a long run would go slower and slower. */
const perDesks = 2_000;

let desks: Awaited<ReturnType<typeof openDesk>>[];

it(
  'whatever providers answer is read rightly or refused',
  async (test) => {
    let judged = perDesks;
    const open = async () => {
      if (judged >= perDesks) {
        judged = 0;
        desks = [];
        for (const module of providerModules) desks.push(await openDesk(module));
      }
      return {
        async judge(one: Input) {
          judged += 1;
          return await judge(one);
        },
        close: async () => {},
      };
    };
    await holdBorder(
      {
        name: 'answers of providers',
        inputs: 2_000,
        input,
        perWorld: 20,
        reaches: [
          ...['balance: read', 'balance: malformed_response', 'create: submitted'],
          ...['create: outcome_unknown', 'status: paid', 'status: unresolved', 'status: failed'],
        ],
        open,
      },
      test,
    );
  },
  borderTimeoutMs,
);

/** From what stands in an answer to money, in powers of ten: the unit of each provider’s sandbox. */
const shiftsOf: Readonly<Record<string, readonly number[]>> = {
  alignet: [-5],
  paycross: [-2, -3],
  payermax: [0],
  payneteasy: [0],
  smilepayz: [-2, 0],
};

async function openDesk(module: (typeof providerModules)[number]) {
  const keys = createSandboxKeys();
  const subject = await openSubject({ module });
  const honest: Sandbox =
    module.id === 'payermax'
      ? createPayermaxSandbox({ clock: subject.clock }, { keys })
      : subject.sandbox;
  let change = (answer: SandboxAnswer) => answer;
  let texts: string[] = [];
  const sandbox: Sandbox = {
    ...honest,
    answer(request, fault) {
      const answer = change(honest.answer(request, fault));
      texts.push(answer.body.toString('utf8'));
      return answer;
    },
  };
  const { payer, scene } = await openPayer({ ...subject, sandbox }, { deadlineMs: 20_000 });
  const orders: { key: PayoutKey; state: string }[] = [];
  for (const name of ['payout_fails', 'returned', 'stays_pending', 'unknown_status', 'none']) {
    if (name in honest.faults) scene.running.switchFault({ name });
    const order = payer.compose();
    orders.push({ key: keyOf(order, await payer.payouts.create(order)), state: 'unresolved' });
    scene.running.clearFaults();
  }
  const settle = async () => {
    for (const order of orders) {
      order.state = (await payer.payouts.getStatus?.(order.key))?.state ?? 'unresolved';
    }
  };
  // As often as the provider advises: some say what is final only when they are asked again.
  for (let hours = 0; hours < 30; hours += 1) {
    await settle();
    subject.clock.advance(3_600_000);
  }
  return {
    id: module.id,
    payer,
    orders,
    shifts: shiftsOf[module.id] ?? [],
    /** Does the call while answers are bent, and gives the texts that were answered. */
    async under<T>(bending: typeof change, call: () => Promise<T>) {
      [change, texts] = [bending, []];
      payer.log.lines.length = 0;
      try {
        const said = await call().then(
          (value) => ({ value }),
          (thrown: unknown) => ({ thrown }),
        );
        return { ...said, answered: texts.join('\n') };
      } finally {
        change = (answer) => answer;
      }
    },
    bend(all: Input['bends'], isSigned: boolean): typeof change {
      return (answer) => {
        const bent = bendAnswer(answer, all);
        if (module.id !== 'payermax' || !isSigned) return bent;
        const signature = sign('RSA-SHA256', Buffer.from(bent.body), keys.platform.privateKey);
        return { ...bent, headers: { ...bent.headers, sign: signature.toString('base64') } };
      };
    },
  };
}

async function judge({ provider, call, nth, bends: all, isSigned }: Input): Promise<string> {
  const desk = desks[provider];
  if (desk === undefined) throw new RangeError('no such provider');
  const { payer, orders } = desk;
  const bending = desk.bend(all, isSigned);
  const startedAt = performance.now();
  try {
    if (call === 'balance') {
      const said = await desk.under(bending, () => payer.provider.getBalances());
      if ('thrown' in said) return `balance: ${await codeOf(payer, said.thrown)}`;
      const { lines, failures } = said.value;
      const told = listNumbers(said.answered);
      for (const { amounts } of lines) {
        for (const amount of Object.values(amounts)) checkAmount(amount, told, desk.shifts);
      }
      payer.log.debug({ lines: lines.map(({ note }) => note), failures }, 'told');
      payer.expectDiscretion();
      return 'balance: read';
    }
    if (call === 'create') {
      const order = payer.compose();
      const booked = payer.booked().length;
      const said = await desk.under(bending, () => payer.payouts.create(order));
      const isTaken = payer.booked().length > booked;
      if ('thrown' in said) {
        const code = await codeOf(payer, said.thrown);
        if (isTaken && !all.some(isRefusal)) {
          expect(undoneCodes.has(code), `${desk.id}: ${code} of an order that was taken`).toBe(
            false,
          );
        }
        return `create: ${code}`;
      }
      checkNews(payer, said.value);
      expect(finalStates.has(said.value.state), `${desk.id}: ${said.value.state}`).toBe(false);
      return `create: ${said.value.state}`;
    }
    const { getStatus } = payer.payouts;
    const order = orders[nth % orders.length];
    if (getStatus === undefined || order === undefined) return 'status: cannot be asked';
    const said = await desk.under(bending, () => getStatus(order.key));
    if ('thrown' in said) return `status: ${await codeOf(payer, said.thrown)}`;
    const { state, amount } = said.value;
    checkNews(payer, said.value);
    if (finalStates.has(state))
      expect(state, `${desk.id} says it of ${order.state}`).toBe(order.state);
    if (amount !== undefined) checkAmount(amount, listNumbers(said.answered), undefined);
    return `status: ${state}`;
  } finally {
    expect(performance.now() - startedAt).toBeLessThan(mostMs);
  }
}

type Payer = Awaited<ReturnType<typeof openDesk>>['payer'];

/**
 * HTTP statuses by which documents let a provider refuse before it takes anything, and a flag that
 * is no longer true, by which Alignet does.
 */
function isRefusal(one: Input['bends'][number]): boolean {
  if (one.kind === 'http') return [401, 403, 422].includes(one.status);
  return one.kind === 'value' && one.value === 'false';
}

async function codeOf(payer: Payer, thrown: unknown): Promise<string> {
  if (!(thrown instanceof ProviderError)) throw thrown;
  return (await payer.refusalOf(Promise.reject(thrown))).code;
}

function checkNews(payer: Payer, news: PayoutNews): void {
  payer.log.debug({ news }, 'told');
  payer.expectDiscretion();
  const words = `${news.providerStatus}${news.reason ?? ''}`;
  expect(words, 'their words are short and on one line').not.toMatch(/\p{Cc}/u);
  expect(words.length).toBeLessThan(1_500);
  // It is kept, and goes back to the provider when it is asked.
  expect(news.providerReference ?? '').toMatch(/^[\p{L}\p{N}\p{P}\p{S} ]{0,256}$/u);
}

interface Digits {
  readonly digits: string;
  readonly exponent: number;
}

/** 1250.50 and 1.2505e3 are both 12505 times ten to the minus one. */
function toDigits(text: string): Digits | undefined {
  const match = /^(-?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/.exec(text);
  if (match === null) return undefined;
  const [, minus = '', whole = '', fraction = '', exponent = '0'] = match;
  const all = `${whole}${fraction}`.replace(/^0+/, '');
  const short = all.replace(/0+$/, '');
  if (short === '') return { digits: '0', exponent: 0 };
  const power = Number(exponent) - fraction.length + (all.length - short.length);
  return { digits: minus + short, exponent: power };
}

/** Every number that stands in the texts, in JSON, in form text or in words. */
function listNumbers(text: string): Digits[] {
  const plain = text.replace(/%2E/gi, '.').replace(/%2D/gi, '-').replace(/%2B/gi, '+');
  const found = plain.match(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,4})?/g) ?? [];
  return found.flatMap((one) => toDigits(one) ?? []);
}

function findShifts({ units, decimals }: Money, told: readonly Digits[]): number[] {
  const own = toDigits(units.toString());
  if (own === undefined || own.digits === '0') return [];
  return told
    .filter(({ digits }) => digits === own.digits)
    .map(({ exponent }) => own.exponent - decimals - exponent);
}

function checkAmount(
  amount: Money,
  told: readonly Digits[],
  shifts: readonly number[] | undefined,
): void {
  if (amount.units === 0n) {
    expect(
      told.some(({ digits }) => digits === '0'),
      'a zero was said',
    ).toBe(true);
    return;
  }
  const found = findShifts(amount, told);
  const fits = shifts === undefined ? found : found.filter((one) => shifts.includes(one));
  expect(fits, `${amount.units} with ${amount.decimals} decimals was said`).not.toEqual([]);
}
