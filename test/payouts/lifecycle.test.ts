// The life of a payout as a table: every state with every event.
import { describe, expect, it } from 'vitest';
import { hashContent } from '../../src/payouts/content.ts';
import { type PayoutEvent, type Step, step } from '../../src/payouts/lifecycle.ts';
import {
  finalStates,
  type Payout,
  type PayoutState,
  payoutStates,
} from '../../src/payouts/types.ts';
import type { PayoutNews } from '../../src/providers/payouts.ts';
import { composePayout, content, requestedAtMs } from './sample.ts';

const atMs = requestedAtMs + 1000;
const hourMs = 3_600_000;

const news = (state: PayoutNews['state'], from: 'create' | 'status' = 'status'): PayoutEvent => ({
  type: 'news',
  from,
  atMs,
  news: { state, providerStatus: `SAYS_${state.toUpperCase()}` },
});
const approveBy = (person: string, contentHash = hashContent(content)): PayoutEvent => ({
  type: 'approve',
  person,
  contentHash,
  atMs,
});
const closeBy = (person: string, verdict: 'paid' | 'failed' | 'not_sent'): PayoutEvent => ({
  type: 'close',
  person,
  verdict,
  reason: 'seen in the portal',
  closers: ['ben', 'cy'],
  atMs,
});
const changed = { ...content, payee: { id: 'maria', version: 2 } };

const events: Readonly<Record<string, PayoutEvent>> = {
  approve: approveBy('ben'),
  reject: { type: 'reject', person: 'ben', reason: 'too soon', atMs },
  cancel: { type: 'cancel', person: 'ana', atMs },
  close: closeBy('ben', 'paid'),
  expire: { type: 'expire', atMs: requestedAtMs + 24 * hourMs },
  revise: {
    type: 'revise',
    atMs,
    content: changed,
    contentHash: hashContent(changed),
    requirement: composePayout().requirement,
    shown: composePayout().shown,
    reason: 'The account number changed.',
  },
  block: { type: 'block', reason: 'frozen', atMs },
  start: { type: 'start_sending', atMs },
  found: { type: 'found', atMs, news: { state: 'submitted', providerStatus: 'PENDING' } },
  hold: { type: 'hold', reason: 'frozen', atMs },
  refused: { type: 'refused', reason: 'not taken', atMs },
  doubt: { type: 'doubt', from: 'create', reason: 'no answer', atMs },
  taken: news('submitted'),
  paid: news('paid'),
  failed: news('failed'),
  returned: news('returned'),
  unresolved: news('unresolved'),
  not_found: news('not_found'),
};

/** `.` refused · `=` the state stays · `!` the state stays and a contradiction is shown */
const table = `
            approve  reject   cancel    close expire  revise    block start   found   hold     refused doubt   taken     paid failed returned unresolved not_found
requested   approved rejected cancelled .     expired =         .     .       .       .        .       .       .         .    .      .        .          .
approved    .        rejected cancelled .     expired requested =     sending unknown .        .       .       .         .    .      .        .          .
sending     .        .        .         .     .       .         .     .       .       approved failed  unknown submitted paid failed returned unknown    unknown
submitted   .        .        .         paid  .       .         .     .       .       .        .       .       =         paid failed returned =          =
unknown     .        .        .         paid  .       .         .     .       .       .        .       .       submitted paid failed returned =          =
paid        .        .        .         .     .       .         .     .       .       .        .       .       .         .    !      returned .          .
returned    .        .        .         .     .       .         .     .       .       .        .       .       .         !    .      .        .          .
failed      .        .        .         .     .       .         .     .       .       .        .       .       !         !    .      !        .          .
not_sent    .        .        .         .     .       .         .     .       .       .        .       .       !         !    .      !        .          .
rejected    .        .        .         .     .       .         .     .       .       .        .       .       !         !    .      !        .          .
cancelled   .        .        .         .     .       .         .     .       .       .        .       .       !         !    .      !        .          .
expired     .        .        .         .     .       .         .     .       .       .        .       .       !         !    .      !        .          .
`;

function readTable(): { state: PayoutState; event: string; cell: string }[] {
  const [head = [], ...rows] = table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  return rows.flatMap(([name, ...cells]) => {
    const state = payoutStates.find((one) => one === name);
    if (state === undefined || cells.length !== head.length) throw new Error(`row ${name}`);
    return head.map((event, at) => ({ state, event, cell: cells[at] ?? '' }));
  });
}

const agreed = {
  person: 'ben',
  kind: 'approve',
  atMs,
  contentHash: hashContent(content),
} as const;

/** In the state, with all that belongs to it; one person has said “paid” already. */
function stand(state: PayoutState): Payout {
  const closure = { person: 'cy', verdict: 'paid', reason: 'seen', atMs } as const;
  const isSent = !['requested', 'approved', 'rejected', 'cancelled', 'expired'].includes(state);
  return composePayout({
    state,
    closures: state === 'unknown' || state === 'submitted' ? [closure] : [],
    ...(isSent ? { sentAtMs: atMs } : {}),
    ...(state === 'approved' || isSent ? { decisions: [agreed] } : {}),
    ...(finalStates.has(state) ? { endedAtMs: atMs } : {}),
  });
}

function describeStep(state: PayoutState, made: Step): string {
  if (!made.ok) return '.';
  if (made.payout.disputed !== undefined) return made.payout.state === state ? '!' : 'changed!';
  return made.payout.state === state ? '=' : made.payout.state;
}

const nextOf = (made: Step): Payout => {
  if (!made.ok) throw new Error(made.refusal);
  return made.payout;
};

describe('the lifecycle', () => {
  it('has a row for every state and a column for every event', () => {
    const rows = readTable();
    expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(payoutStates));
    expect(new Set(rows.map(({ event }) => event))).toEqual(new Set(Object.keys(events)));
    expect(rows.length).toBe(payoutStates.length * Object.keys(events).length);
  });

  it.each(readTable())('$state + $event: $cell', ({ state, event: name, cell }) => {
    const isNews = ['taken', 'paid', 'failed', 'returned', 'unresolved', 'not_found'].includes(
      name,
    );
    const event = events[name];
    if (event === undefined) throw new Error(`no event ${name}`);
    const asked = isNews && event.type === 'news' && state === 'sending';
    const before = stand(state);
    const kept = structuredClone(before);
    const made = step(before, asked ? { ...event, from: 'create' } : event);
    expect(describeStep(state, made)).toBe(cell);
    expect(before).toEqual(kept);
    if (made.ok && finalStates.has(made.payout.state)) expect(made.payout.endedAtMs).toBeDefined();
  });

  it.each(['submitted', 'paid', 'failed', 'returned', 'unresolved', 'not_found'] as const)(
    'does not hear of “%s” from elsewhere while the call is under way',
    (state) => {
      expect(step(stand('sending'), news(state))).toEqual({ ok: false, refusal: 'wrong_state' });
    },
  );
});

describe('deciding', () => {
  it.each([
    ['the requester', approveBy('ana'), 'own_request'],
    ['somebody else', approveBy('dia'), 'not_an_approver'],
    ['another content', approveBy('ben', 'f'.repeat(64)), 'content_changed'],
    ['the last moment', { ...approveBy('ben'), atMs: requestedAtMs + 24 * hourMs }, 'expired'],
    ['a no of the requester', { type: 'reject', person: 'ana', reason: 'no', atMs }, 'own_request'],
    ['a no of somebody', { type: 'reject', person: 'dia', reason: 'no', atMs }, 'not_an_approver'],
    ['another’s cancelling', { type: 'cancel', person: 'ben', atMs }, 'not_the_requester'],
    ['expiry too soon', { type: 'expire', atMs: requestedAtMs + 24 * hourMs - 1 }, 'wrong_state'],
  ] as const)('refuses %s', (_what, event, refusal) => {
    expect(step(composePayout(), event)).toEqual({ ok: false, refusal });
  });

  it('counts a requester not even where the requirement names them', () => {
    const requirement = { need: 1, from: ['ana', 'ben'], why: 'a mistake', rule: 1 };
    const payout = composePayout({ requirement });
    expect(step(payout, approveBy('ana'))).toEqual({ ok: false, refusal: 'own_request' });
  });

  it('needs as many different people as the requirement says', () => {
    const requirement = { need: 2, from: ['ben', 'cy'], why: 'two', rule: 1 };
    const once = nextOf(step(composePayout({ requirement }), approveBy('ben')));
    expect(once.state).toBe('requested');
    expect(step(once, approveBy('ben'))).toEqual({ ok: false, refusal: 'already_done' });
    expect(nextOf(step(once, approveBy('cy'))).state).toBe('approved');
  });

  it('begins anew after a revision, with the new content shown', () => {
    const requirement = { need: 2, from: ['ben', 'cy'], why: 'two', rule: 1 };
    const once = nextOf(step(composePayout({ requirement }), approveBy('ben')));
    const event = events['revise'];
    if (event?.type !== 'revise') throw new Error('no revision');
    const shown = { ...once.shown, payeeName: 'Maria Reyes' };
    const revised = nextOf(step({ ...once, blocked: 'frozen' }, { ...event, shown }));
    expect(revised).toMatchObject({ state: 'requested', decisions: [], content: changed, shown });
    expect(revised.blocked).toBeUndefined();
    expect(step(revised, approveBy('ben'))).toEqual({ ok: false, refusal: 'content_changed' });
  });

  it('starts sending once: what has been sent is never begun again', () => {
    const sent = { ...stand('approved'), sentAtMs: atMs };
    expect(step(sent, { type: 'start_sending', atMs })).toMatchObject({ ok: false });
    const held = nextOf(step(stand('sending'), { type: 'hold', reason: 'frozen', atMs }));
    expect([held.sentAtMs, held.blocked]).toEqual([undefined, 'frozen']);
    expect(step(held, { type: 'start_sending', atMs })).toMatchObject({ ok: true });
  });

  it.each([
    ['nobody agreed', { decisions: [] }],
    ['the requester did', { decisions: [{ ...agreed, person: 'ana' }] }],
    ['somebody said no', { decisions: [{ ...agreed, kind: 'reject' as const }] }],
    ['it was about other content', { decisions: [{ ...agreed, contentHash: 'f'.repeat(64) }] }],
    ['the content is another one', { content: { ...content, amount: '9250.00' } }],
    [
      'one agreed twice where two must',
      {
        decisions: [agreed, agreed],
        requirement: { ...composePayout().requirement, need: 2 },
      },
    ],
  ])('starts sending nothing where %s, whatever the state says', (_, changes) => {
    const altered = { ...stand('approved'), ...changes };
    expect(step(altered, { type: 'start_sending', atMs })).toMatchObject({ ok: false });
  });
});

describe('closing by people', () => {
  const open = composePayout({ state: 'unknown', sentAtMs: atMs });

  it.each([
    ['ana', 'own_request'],
    ['dia', 'not_an_approver'],
  ])('refuses %s', (person, refusal) => {
    expect(step(open, closeBy(person, 'paid'))).toEqual({ ok: false, refusal });
  });

  it.each(['paid', 'failed', 'not_sent'] as const)('takes two who say “%s”', (verdict) => {
    const once = nextOf(step(open, closeBy('ben', verdict)));
    expect([once.state, once.closures.length]).toEqual(['unknown', 1]);
    expect(step(once, closeBy('ben', verdict))).toMatchObject({ refusal: 'needs_another_person' });
    const closed = nextOf(step(once, closeBy('cy', verdict)));
    expect(closed).toMatchObject({
      state: verdict,
      evidence: [{ from: 'people', state: verdict }],
    });
  });

  it('keeps the latest word of each, and two who differ close nothing', () => {
    const once = nextOf(step(open, closeBy('ben', 'paid')));
    const differing = nextOf(step(once, closeBy('cy', 'failed')));
    expect([differing.state, differing.closures.length]).toEqual(['unknown', 2]);
    const corrected = nextOf(step(differing, closeBy('ben', 'failed')));
    expect([corrected.state, corrected.closures.length]).toEqual(['failed', 2]);
  });

  it('lets two others close when the first was wrong and is gone', () => {
    const byDan = { ...closeBy('dan', 'paid'), closers: ['ben', 'cy', 'dan'] };
    const first = nextOf(step(open, closeBy('ben', 'not_sent')));
    expect(nextOf(step(nextOf(step(first, closeBy('cy', 'paid'))), byDan)).state).toBe('paid');
  });

  it('does not count the word of somebody who may no longer close', () => {
    const once = nextOf(step(open, closeBy('ben', 'paid')));
    const later = { ...closeBy('cy', 'paid'), closers: ['cy', 'dan'] };
    expect(nextOf(step(once, later)).state).toBe('unknown');
  });

  it('refuses “not sent” once the provider has spoken of it', () => {
    const taken = composePayout({ state: 'unknown', sentAtMs: atMs, providerReference: 'T1' });
    expect(step(taken, closeBy('ben', 'not_sent'))).toEqual({ ok: false, refusal: 'was_taken' });
    expect(nextOf(step(taken, closeBy('ben', 'paid'))).closures.length).toBe(1);
  });

  it('forgets what people said when the provider says something new', () => {
    const said = { ...nextOf(step(open, closeBy('ben', 'not_sent'))), alarmedAtMs: atMs };
    const taken = nextOf(step(said, news('submitted')));
    expect([taken.closures, taken.alarmedAtMs]).toEqual([[], undefined]);
  });
});

describe('news', () => {
  it('is written down once while it stays the same', () => {
    const first = nextOf(step(stand('submitted'), news('submitted')));
    expect(first.evidence.length).toBe(1);
    expect(step(first, news('submitted'))).toEqual({ ok: false, refusal: 'already_done' });
  });

  it('keeps the first ten and the last forty of much evidence', () => {
    let payout = stand('unknown');
    for (let turn = 0; turn < 100; turn += 1) {
      const said = { state: 'unresolved', providerStatus: `S${turn}` } as const;
      payout = nextOf(step(payout, { type: 'news', from: 'status', atMs, news: said }));
    }
    const words = payout.evidence.map(({ providerStatus }) => providerStatus);
    expect([words.length, words[0], words[9], words[10], words[49]]).toEqual([
      50,
      'S0',
      'S9',
      'S60',
      'S99',
    ]);
  });

  it('keeps the first reference that the provider gave', () => {
    const said = (providerReference: string): PayoutEvent => ({
      type: 'news',
      from: 'status',
      atMs,
      news: { state: 'unresolved', providerStatus: providerReference, providerReference },
    });
    const first = nextOf(step(stand('unknown'), said('T1')));
    expect(nextOf(step(first, said('T2'))).providerReference).toBe('T1');
  });

  it('says a contradiction once', () => {
    const disputed = nextOf(step(stand('failed'), news('paid')));
    expect(disputed.disputed).toBe('It ended as failed, but the provider now says SAYS_PAID.');
    expect(step(disputed, news('returned'))).toEqual({ ok: false, refusal: 'already_done' });
  });
});
