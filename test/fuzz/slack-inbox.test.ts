// The border to whoever calls in as Slack: commands, clicks, dialogs and events, bent before and after
// they are signed, at the real front door with the real Bolt behind it. Nothing is done that was
// not signed, no answer goes anywhere but to Slack, and none is a failure of ours.
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { createSlackBot } from '../../src/bots/slack/index.ts';
import { startDoor } from '../../src/door/index.ts';
import { createLog } from '../../src/log.ts';
import { createReadiness } from '../../src/readiness.ts';
import { startSlackChat } from '../bots/slack-chat.ts';
import { tokens } from '../bots/slack-server/index.ts';
import { createHurriedClock, createSteeredDispatcher, people, say } from '../bots/slack-support.ts';
import { startRaw } from '../http-servers.ts';
import { bend, edits } from './bending.ts';
import { borderTimeoutMs, holdBorder } from './border.ts';
import { bendRequest, bent, type Heard, send, type Wanted } from './requests.ts';

const input = fc.record({
  kind: fc.constantFrom('command', 'command', 'press', 'submit', 'event', 'hello', 'check'),
  /** What Slack says, bent: then signed like the rest. */
  inside: fc.oneof(
    { weight: 2, arbitrary: fc.constant(undefined) },
    { weight: 3, arbitrary: edits },
  ),
  bent,
  signed: fc.constantFrom('rightly', 'rightly', 'rightly', 'by another', 'long ago'),
});
type Input = typeof input extends fc.Arbitrary<infer T> ? T : never;

/** Bolt gives up on what nobody acknowledges after 3 s: others are asked meanwhile. */
const atOnceMax = 150;
const secret = 'a secret of Slack, 32 characters!';
const closers: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

it(
  'nothing that is not signed is done, and nothing that is breaks the inbox',
  async (test) => {
    const scene = await openScene();
    await holdBorder(
      {
        name: 'Slack’s inbox',
        inputs: 1_000,
        input,
        perWorld: 50,
        reaches: ['sent'],
        open: async () => ({
          judge: (one) => judge(scene, one),
          // In a long run the next world goes on while the last ones wait.
          close: async () => {
            expect(scene.wrong).toEqual([]);
          },
        }),
      },
      test,
    );
    await Promise.all(scene.pending);
    expect(scene.wrong).toEqual([]);
    expect(scene.statuses.get(200) ?? 0).toBeGreaterThan(50);
    expect(scene.statuses.get(401) ?? 0).toBeGreaterThan(50);
    expect(scene.dispatcher.asked.length).toBeGreaterThan(50);
    expect(scene.elsewhere.connections, 'connections to another than Slack').toBe(0);
    const record = test.task.meta.border;
    if (record === undefined) return;
    const ends = [...scene.statuses].map(([status, count]) => [String(status), count] as const);
    test.task.meta.border = { ...record, ends: Object.fromEntries(ends) };
  },
  borderTimeoutMs,
);

type Scene = Awaited<ReturnType<typeof openScene>>;

async function judge(scene: Scene, one: Input): Promise<string> {
  const { pending, door, lines } = scene;
  const wanted = compose(scene, one);
  const sending = send(door.origin, wanted).then((heard) => check(scene, one, heard));
  const kept = sending.finally(() => pending.delete(kept));
  pending.add(kept);
  if (pending.size >= atOnceMax) await Promise.race(pending);
  const said = lines.join('');
  for (const hidden of [secret, tokens.bot]) expect(said.includes(hidden)).toBe(false);
  lines.length = 0;
  return 'sent';
}

function check(scene: Scene, { signed, kind }: Input, { status }: Heard): void {
  scene.statuses.set(status, (scene.statuses.get(status) ?? 0) + 1);
  if (status >= 500 && status !== 503) scene.wrong.push(`HTTP ${status}`);
  // Whether TLS works is asked without a signature; Bolt takes nothing else out of such a request.
  if (status === 200 && signed !== 'rightly' && kind !== 'check')
    scene.wrong.push(`taken: ${signed}`);
}

/** The request as Slack would send it, with the signature over what was bent inside. */
function compose(scene: Scene, { kind, inside, bent: how, signed }: Input): Wanted {
  scene.composed += 1;
  const { type, body: sample } = scene.bodies[kind];
  // What was seen before has no second effect.
  const good = sample
    .replaceAll('1.2.3', `1.2.${scene.composed}`)
    .replace('Ev01', `Ev${scene.composed}`);
  const body = inside === undefined ? good : bend(good, inside);
  const offsetS = signed === 'long ago' ? -3600 : 0;
  const timestamp = String(Math.floor(Date.now() / 1000) + offsetS);
  const key = signed === 'by another' ? 'another secret' : secret;
  const signature = createHmac('sha256', key).update(`v0:${timestamp}:${body}`).digest('hex');
  return bendRequest(
    {
      method: 'POST',
      path: '/slack/events',
      headers: {
        'content-type': type,
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': `v0=${signature}`,
      },
      body,
    },
    how,
  );
}

async function openScene() {
  const chat = await startSlackChat({ people: { ana: 'U0ANA', ben: 'U0BEN' }, channels: ['C01'] });
  const lines: string[] = [];
  const write = (text: string) => lines.push(text) > 0;
  const log = createLog({
    level: 'debug',
    secrets: [secret, tokens.bot],
    destination: { write } as unknown as NodeJS.WritableStream,
  });
  const clock = createHurriedClock();
  const dispatcher = createSteeredDispatcher();
  dispatcher.answer(() => say('Answered', { text: 'Some money' }));
  const { botToken, apiUrl } = chat.botConfig;
  const bot = createSlackBot(
    { botToken, apiUrl, signingSecret: secret },
    {
      clock,
      log,
      newReference: () => 'REF234',
      newId: () => 'id',
      commands: [],
      people,
      channels: ['C01'],
    },
  );
  const { inbox } = bot;
  if (inbox === undefined) throw new Error('there is no inbox');
  const door = await startDoor(
    { port: 0, host: '127.0.0.1', inboxes: [inbox] },
    {
      ...{ log, clock, readiness: createReadiness(clock) },
      providers: [],
      receive: async () => undefined,
    },
  );
  await bot.start(dispatcher);
  closers.push(
    chat.stop,
    () => door.stop(),
    () => bot.stop(),
  );
  const elsewhere = { connections: 0 };
  const origin = await startRaw((socket) => {
    elsewhere.connections += 1;
    socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
  });
  return {
    ...{ door, lines, dispatcher, elsewhere },
    bodies: composeBodies(`${origin}/answer`),
    composed: 0,
    pending: new Set<Promise<void>>(),
    wrong: [] as string[],
    statuses: new Map<number, number>(),
  };
}

/** What Slack sends, with an address for the answer that is not Slack's. */
function composeBodies(url: string): Record<Input['kind'], { type: string; body: string }> {
  const form = (fields: Record<string, string>) => ({
    type: 'application/x-www-form-urlencoded',
    body: new URLSearchParams(fields).toString(),
  });
  const json = (payload: object) => ({ type: 'application/json', body: JSON.stringify(payload) });
  const team = { id: 'T01', domain: 'acme' };
  const user = { id: 'U0ANA', username: 'ana', team_id: 'T01' };
  const common = { team, user, api_app_id: 'A01', token: 'legacy', trigger_id: '1.2.3' };
  const view = {
    ...{ id: 'V01', type: 'modal', callback_id: 'form', private_metadata: '{"action":"form:1"}' },
    ...{ title: { type: 'plain_text', text: 'Form' }, blocks: [], hash: '1' },
    state: { values: { 'a#id': { a: { type: 'plain_text_input', value: 'x' } } } },
  };
  const actions = [
    { type: 'button', action_id: 'button0', block_id: 'b', value: 'form:1', action_ts: '1.1' },
  ];
  const message = { channel: { id: 'C01' }, container: { type: 'message', message_ts: '1.1' } };
  const press = { type: 'block_actions', ...common, actions, ...message, response_url: url };
  return {
    command: form({
      ...{ token: 'legacy', team_id: 'T01', channel_id: 'C01', user_id: 'U0ANA' },
      ...{ command: '/balance', text: 'all USD', response_url: url, trigger_id: '1.2.3' },
    }),
    press: form({ payload: JSON.stringify(press) }),
    submit: form({ payload: JSON.stringify({ type: 'view_submission', ...common, view }) }),
    event: json({
      ...{ token: 'legacy', team_id: 'T01', api_app_id: 'A01', type: 'event_callback' },
      ...{
        event_id: 'Ev01',
        event_time: 1,
        authorizations: [{ team_id: 'T01', user_id: 'U0BOT' }],
      },
      event: { type: 'app_home_opened', user: 'U0ANA', channel: 'D01', tab: 'home' },
    }),
    hello: json({ token: 'legacy', type: 'url_verification', challenge: 'c' }),
    check: form({ ssl_check: '1', token: 'legacy' }),
  };
}
