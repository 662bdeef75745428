// What happens when Slack is away, slow or in trouble: answers arrive once, or are said to be lost.
import { afterEach, expect, test } from 'vitest';
import { openSlackScene, type SlackScene, say } from './slack-support.ts';

let scene: SlackScene | undefined;
async function open(more: Parameters<typeof openSlackScene>[0] = {}): Promise<SlackScene> {
  scene = await openSlackScene(more);
  return scene;
}
afterEach(async () => {
  await scene?.stop();
  expect(scene?.chat.complaints() ?? []).toEqual([]);
  scene = undefined;
});

/** Resolves when somebody lets go. */
function createGate() {
  let openGate = () => {};
  const passed = new Promise<void>((resolve) => {
    openGate = resolve;
  });
  return { passed, open: () => openGate() };
}

const isConnected = ({ server }: SlackScene) =>
  expect.poll(() => server.socketCount(), { interval: 5 }).toBe(1);
/** Tried so far. */
const countConnections = ({ server }: SlackScene) =>
  server.calls.filter(({ method }) => method === 'apps.connections.open').length;
const errorsOf = ({ log }: SlackScene) =>
  log.lines.filter(({ level }) => level === 'error').map(({ message }) => message);

test('an answer that is ready while Slack is away arrives when it is back, once', async () => {
  const here = await open();
  const { chat, dispatcher } = here;
  const gate = createGate();
  dispatcher.answer(async () => {
    await gate.passed;
    return say('Late');
  });
  await chat.type('ana', 'C01', '/balance');
  await chat.away();
  gate.open();
  await expect.poll(() => here.log.text()).toContain('an answer could not be delivered yet');
  await chat.back();
  await chat.until('ana', 'C01', ({ title }) => title === 'Late');
  await isConnected(here);
  expect(chat.look('ana', 'C01')).toHaveLength(1);
  await chat.type('ana', 'C01', '/balance');
  await expect.poll(() => chat.look('ana', 'C01')).toHaveLength(2);
});

test('a start waits for Slack as long as it takes', async () => {
  const here = await open({ isStarted: false });
  const { chat, bot, dispatcher, log } = here;
  await chat.away();
  const started = bot.start(dispatcher);
  await expect.poll(() => log.text()).toContain('Slack is out of reach');
  await chat.back();
  expect(await started).toEqual({ line: 'Slack: @purser in Acme, in Socket Mode' });
  await chat.type('ana', 'C01', '/balance');
  await chat.until('ana', 'C01', ({ title }) => title === 'You said /balance');
});

test('a start waits for a Slack that answers with errors of its own', async () => {
  const here = await open({ isStarted: false });
  here.server.fail('auth.test', { status: 500 }, { error: 'internal_error' });
  here.server.fail('apps.connections.open', { status: 500 }, { status: 429, retryAfter: 1 });
  await here.bot.start(here.dispatcher);
  await isConnected(here);
});

test('connects anew when Slack asks for it, and when the socket dies without a word', async () => {
  const here = await open();
  const { server, chat } = here;
  const opened = () => countConnections(here);
  const before = opened();
  server.refreshSockets();
  await expect.poll(opened, { interval: 5 }).toBe(before + 1);
  await isConnected(here);
  server.dropSockets();
  await expect.poll(opened, { interval: 5 }).toBe(before + 2);
  await isConnected(here);
  await chat.type('ana', 'C01', '/balance');
  await chat.until('ana', 'C01', ({ title }) => title === 'You said /balance');
});

test('a redelivered command is acknowledged again and has no second effect', async () => {
  const { chat, dispatcher, log, server } = await open();
  await chat.type('ana', 'C01', '/payout show P7K2');
  await chat.until('ana', 'C01', ({ title }) => title.startsWith('You said'));
  expect(await server.people.redeliver()).toBeDefined();
  expect(await server.people.redeliver()).toBeDefined();
  expect(dispatcher.asked).toHaveLength(1);
  expect(chat.look('ana', 'C01')).toHaveLength(1);
  expect(log.text()).toContain('came once more');
});

test('a redelivered press, after a new connection too, has no second effect', async () => {
  const here = await open();
  const { chat, dispatcher, server } = here;
  const id = await here.bot.poster.post('C01', {
    tone: 'neutral',
    title: 'Payout',
    buttons: [{ action: 'approve:1', label: 'Approve', style: 'primary' }],
  });
  const card = await chat.until('ben', 'C01', (one) => one.id === id);
  await chat.press('ben', card, 'Approve');
  await chat.until('ben', 'C01', ({ title }) => title === 'You said approve:1');
  const before = countConnections(here);
  server.dropSockets();
  await expect.poll(() => countConnections(here), { interval: 5 }).toBe(before + 1);
  await isConnected(here);
  await chat.redeliver();
  expect(dispatcher.asked).toHaveLength(1);
  // The message of everybody is still there.
  expect(chat.look('ana', 'C01').map(({ title }) => title)).toEqual(['Payout']);
});

test('waits as long as Slack asks, and tries again after errors of Slack', async () => {
  const { chat, server, dispatcher } = await open();
  dispatcher.answer(() => say('There'));
  server.fail('respond', { status: 429, retryAfter: 2 }, { status: 500 }, { status: 500 });
  await chat.type('ana', 'C01', '/balance');
  await chat.until('ana', 'C01', ({ title }) => title === 'There');
  expect(chat.look('ana', 'C01')).toHaveLength(1);
});

test('an answer of which only the receipt broke off is not posted again and again', async () => {
  const here = await open();
  const { chat, server, dispatcher } = here;
  dispatcher.answer(() => say('There'));
  server.fail('respond', { error: 'expired_url' });
  server.fail('chat.postEphemeral', { isCut: true });
  await chat.type('ana', 'C01', '/balance');
  await expect.poll(() => errorsOf(here)).toHaveLength(1);
  expect(chat.look('ana', 'C01')).toHaveLength(1);
  expect(server.calls.filter(({ method }) => method === 'chat.postEphemeral')).toHaveLength(1);
});

test('an answer that nothing can deliver is said to be lost, with its reference', async () => {
  const here = await open();
  const { chat, server, dispatcher, log } = here;
  dispatcher.answer(() => say('Gone', { reference: 'ABC234' }));
  server.fail('respond', { error: 'expired_url' });
  server.fail('chat.postEphemeral', { error: 'not_in_channel' });
  server.fail('conversations.open', { error: 'user_disabled' });
  await chat.type('ana', 'C01', '/balance');
  await expect
    .poll(() => errorsOf(here))
    .toEqual(['an answer was lost: it could not be delivered']);
  expect(log.text()).toContain('ABC234');
});

test('stops while it is connecting anew', async () => {
  const here = await open();
  await here.chat.away();
  await expect.poll(() => here.log.text()).toContain('Slack is out of reach');
  await here.bot.stop();
  await here.bot.stop();
});

test('stops while its start waits for Slack', async () => {
  const here = await open({ isStarted: false });
  await here.chat.away();
  const started = here.bot.start(here.dispatcher);
  const refused = expect(started).rejects.toThrow('stopped before Slack could be reached');
  await expect.poll(() => here.log.text()).toContain('Slack is out of reach');
  await here.bot.stop();
  await refused;
});

test('finishes the answer that is under way when it stops', async () => {
  const { bot, chat, dispatcher } = await open();
  const gate = createGate();
  dispatcher.answer(async () => {
    await gate.passed;
    return say('Finished');
  });
  await chat.type('ana', 'C01', '/balance');
  const stopped = bot.stop();
  gate.open();
  await stopped;
  expect(chat.look('ana', 'C01').map(({ title }) => title)).toEqual(['Finished']);
});
