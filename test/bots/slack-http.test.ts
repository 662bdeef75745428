// Slack calling Purser over HTTP: the same bot behind a door that takes nothing without a signature.
import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSlackBot } from '../../src/bots/slack/index.ts';
import type { Bot } from '../../src/bots/types.ts';
import { type RunningDoor, startDoor } from '../../src/door/index.ts';
import { createReadiness } from '../../src/readiness.ts';
import { startRaw } from '../http-servers.ts';
import { createRecordingLog } from '../support.ts';
import { type SlackChat, startSlackChat } from './slack-chat.ts';
import { tokens } from './slack-server/index.ts';
import {
  createHurriedClock,
  createSteeredDispatcher,
  people,
  type SteeredDispatcher,
  say,
} from './slack-support.ts';

let chat: SlackChat;
let bot: Bot;
let door: RunningDoor;
let dispatcher: SteeredDispatcher;
let log: ReturnType<typeof createRecordingLog>;
let url: string;

beforeEach(async () => {
  chat = await startSlackChat({ people: { ana: 'U0ANA', ben: 'U0BEN' }, channels: ['C01'] });
  log = createRecordingLog();
  dispatcher = createSteeredDispatcher();
  const { botToken, apiUrl } = chat.botConfig;
  bot = createSlackBot(
    { botToken, apiUrl, signingSecret: tokens.signingSecret },
    {
      clock: createHurriedClock(),
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
  door = await startDoor(
    { port: 0, host: '127.0.0.1', inboxes: [inbox] },
    {
      ...{ log, clock: createHurriedClock(), readiness: createReadiness(createHurriedClock()) },
      providers: [],
      receive: async () => undefined,
    },
  );
  url = `${door.origin}${inbox.path}`;
  chat.server.setTarget({ url, signingSecret: tokens.signingSecret });
});
afterEach(async () => {
  await bot.stop();
  await door.stop();
  await chat.stop();
  expect(chat.complaints()).toEqual([]);
});

/** As somebody who holds the signing secret can. */
function postSigned(body: string): Promise<Response> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', tokens.signingSecret)
    .update(`v0:${timestamp}:${body}`)
    .digest('hex');
  return fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${signature}`,
    },
    body,
  });
}

test('commands, buttons, dialogs and the page work as over the socket', async () => {
  const { line } = await bot.start(dispatcher);
  expect(line).toBe('Slack: @purser in Acme, over HTTP at /slack/events');
  dispatcher.answer(({ line: typed, action, values }) =>
    action === 'form:1' && values === undefined
      ? say('Form', {
          form: {
            action: 'form:1',
            title: 'Form',
            submit: 'Send',
            fields: [{ name: 'a', label: 'A', kind: 'text', isRequired: true, lengthMax: 9 }],
          },
        })
      : values === undefined
        ? say(`You said ${typed}`, { buttons: [{ action: 'form:1', label: 'Go', style: 'plain' }] })
        : say(`Sent ${values['a']}`),
  );
  await chat.type('ana', 'C01', '/balance payermax');
  const card = await chat.until(
    'ana',
    'C01',
    ({ title }) => title === 'You said /balance payermax',
  );
  await chat.press('ana', card, 'Go');
  await expect.poll(() => chat.form('ana')?.title).toBe('Form');
  await chat.submit('ana', { A: 'x' });
  await chat.until('ana', 'C01', ({ title }) => title === 'Sent x');
  await chat.server.people.openHome('U0ANA');
  await expect.poll(() => chat.server.workspace.homes.get('U0ANA')).toBeDefined();
});

test('what Slack sends again has no second effect', async () => {
  await bot.start(dispatcher);
  await chat.type('ana', 'C01', '/balance');
  await chat.until('ana', 'C01', ({ title }) => title === 'You said /balance');
  expect(await chat.server.people.redeliver()).toBeDefined();
  expect(dispatcher.asked).toHaveLength(1);
});

test('a request without the right signature is refused and does nothing', async () => {
  await bot.start(dispatcher);
  chat.server.setTarget({ url, signingSecret: 'another' });
  expect(
    await chat.server.people.command('U0ANA', 'C01', '/payout approve everything'),
  ).toBeUndefined();
  const unsigned = await fetch(url, { method: 'POST', body: 'command=%2Fbalance' });
  expect(unsigned.status).toBe(401);
  expect(dispatcher.asked).toEqual([]);
});

test('an answer goes to Slack alone, even to whoever holds the signing secret', async () => {
  await bot.start(dispatcher);
  let heard = 0;
  const elsewhere = await startRaw((socket) => {
    heard += 1;
    socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
  });
  const body = new URLSearchParams({
    ...{ command: '/balance', text: '', user_id: 'U0ANA', channel_id: 'C01', team_id: 'T01' },
    ...{ trigger_id: '1.2.3', response_url: `${elsewhere}/answer` },
  }).toString();
  const answer = await postSigned(body);
  expect(answer.status).toBe(200);
  // By the bot's own rights instead: only its asker sees it.
  await chat.until('ana', 'C01', ({ title }) => title === 'You said /balance');
  expect(heard).toBe(0);
});

test('a form of another version is told so, under a reference that is in the log', async () => {
  await bot.start(dispatcher);
  const view = {
    ...{ id: 'V1', type: 'modal', callback_id: 'x', private_metadata: '{}', hash: '1' },
    ...{ title: { type: 'plain_text', text: 'Old' }, blocks: [], state: { values: {} } },
  };
  const payload = {
    ...{ type: 'view_submission', user: { id: 'U0ANA' }, team: { id: 'T01' }, view },
    trigger_id: '1.2.3',
  };
  const answer = await postSigned(`payload=${encodeURIComponent(JSON.stringify(payload))}`);
  const shown = await answer.text();
  expect(shown).toContain('Purser does not know this form');
  expect(shown).toContain('REF234');
  expect(log.text()).toContain('a form was not known bot=slack reference=REF234');
});

test.each(['payload=null', 'payload=7', 'payload=%22x%22'])(
  'a signed body that is %s ends nothing',
  async (body) => {
    await bot.start(dispatcher);
    const rejections: unknown[] = [];
    const keep = (reason: unknown) => rejections.push(reason);
    process.on('unhandledRejection', keep);
    const answer = await postSigned(body);
    await new Promise(setImmediate);
    process.off('unhandledRejection', keep);
    expect([answer.status, rejections]).toEqual([400, []]);
  },
);

test('a body that is too long, or of a length nobody knows, is refused before it is read', async () => {
  await bot.start(dispatcher);
  const status = async (headers: Record<string, string>) =>
    await new Promise<number | undefined>((resolve, reject) => {
      const outgoing = request(url, { method: 'POST', headers }, (answer) => {
        resolve(answer.statusCode);
        outgoing.destroy();
      });
      outgoing.on('error', reject);
      outgoing.write('x');
    });
  expect(await status({ 'content-length': String(257 * 1024) })).toBe(413);
  expect(await status({ 'transfer-encoding': 'chunked' })).toBe(413);
  expect(dispatcher.asked).toEqual([]);
});

test('another path is not found, and before the start nothing is taken', async () => {
  expect((await fetch(url, { method: 'POST' })).status).toBe(503);
  await bot.start(dispatcher);
  expect((await fetch(`${url}/other`, { method: 'POST' })).status).toBe(404);
  expect((await fetch(url)).status).toBe(404);
});

test('says that a signing secret cannot be checked', async () => {
  const found = await bot.check();
  expect(found.find(({ what }) => what === 'Slack signing secret')?.text).toContain(
    'cannot be checked from here',
  );
});
