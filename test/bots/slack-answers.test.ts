// How an answer finds its person: by the address that came along, else by the bot's own rights; with
// files, pictures, and one line meanwhile where it takes long.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Picture } from '../../src/commands/card.ts';
import { balanceCard } from './playground-cards.ts';
import { openSlackScene, type SlackScene, say } from './slack-support.ts';

let scene: SlackScene;
beforeEach(async () => {
  scene = await openSlackScene();
});
afterEach(async () => {
  await scene.stop();
  expect(scene.chat.complaints()).toEqual([]);
});

const picture: Picture = {
  name: 'trend.png',
  png: new Uint8Array([137, 80, 78, 71]),
  width: 10,
  height: 10,
  alt: 'USD rises',
};

describe('where the address of a command is closed', () => {
  beforeEach(() => {
    scene.dispatcher.answer(() => say('Here'));
    scene.server.fail('respond', { error: 'expired_url' });
  });

  test('the answer is shown to its asker alone, by the bot’s own rights', async () => {
    await scene.chat.type('ana', 'C01', '/balance');
    const seen = await scene.chat.until('ana', 'C01', ({ title }) => title === 'Here');
    expect(seen.isPrivate).toBe(true);
  });

  test('and Purser is not in the channel either, it is a direct message that says so', async () => {
    const channel = scene.server.workspace.channels.get('C01');
    if (channel !== undefined) channel.isMember = false;
    await scene.chat.type('ana', 'C01', '/balance');
    const seen = await scene.chat.until('ana', 'dm', ({ title }) => title === 'Here');
    expect(seen.words).toContain('/invite @purser');
  });

  test('an answer for the channel is posted by the bot’s own rights', async () => {
    scene.dispatcher.answer(() => say('For all', {}, { audience: 'channel' }));
    await scene.chat.type('ana', 'C01', '/balance');
    await scene.chat.until('ben', 'C01', ({ title }) => title === 'For all');
  });
});

test('a command works in a channel that Purser is not in', async () => {
  const channel = scene.server.workspace.channels.get('C02');
  if (channel !== undefined) channel.isMember = false;
  await scene.chat.type('ana', 'C02', '/balance');
  await scene.chat.until('ana', 'C02', ({ title }) => title === 'You said /balance');
});

test('what takes long says one line meanwhile, and no more', async () => {
  const { chat, dispatcher } = scene;
  dispatcher.answer(async (_, progress) => {
    for (let done = 0; done < 5; done += 1) {
      progress(balanceCard(done));
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    return { card: balanceCard(5), audience: 'asker' };
  });
  await chat.type('ana', 'C01', '/balance');
  await chat.until('ana', 'C01', ({ title }) => title === 'Balances');
  const titles = chat.look('ana', 'C01').map(({ title }) => title);
  expect(titles).toEqual(['Balances: one moment', 'Balances']);
});

test('what is quick says nothing meanwhile', async () => {
  const { chat, dispatcher } = scene;
  dispatcher.answer((_, progress) => {
    progress(balanceCard(1));
    return { card: balanceCard(5), audience: 'asker' };
  });
  await chat.type('ana', 'C01', '/balance');
  await chat.until('ana', 'C01', ({ title }) => title === 'Balances');
  expect(chat.look('ana', 'C01')).toHaveLength(1);
});

test('signs that Slack escapes arrive as they were typed', async () => {
  await scene.chat.type('ana', 'C01', '/payout payermax 5 USD nadia A&B <x> &lt;');
  await expect
    .poll(() => scene.dispatcher.asked[0]?.line)
    .toBe('/payout payermax 5 USD nadia A&B <x> &lt;');
});

describe('a file', () => {
  const file = {
    name: 'audit.jsonl',
    contentType: 'application/jsonl',
    text: '{"a":1}\n{"é":2}\n',
  };

  test('for its asker is in their direct messages, and the answer says so', async () => {
    scene.dispatcher.answer(() => say('Audit', {}, { file }));
    await scene.chat.type('ana', 'C01', '/purser audit export 2026-11');
    const seen = await scene.chat.until('ana', 'C01', ({ title }) => title === 'Audit');
    expect(seen.words).toContain('“audit.jsonl” is in your direct messages');
    const [message] = scene.chat.look('ana', 'dm');
    expect(message?.files).toEqual([{ name: 'audit.jsonl', text: file.text }]);
    expect(scene.chat.look('ben', 'C01')).toEqual([]);
  });

  test('for the channel is there', async () => {
    scene.dispatcher.answer(() => say('Audit', {}, { file, audience: 'channel' }));
    await scene.chat.type('ana', 'C01', '/purser audit export 2026-11');
    const seen = await scene.chat.until('ben', 'C01', ({ title }) => title === 'Audit');
    expect(seen.words).toContain('“audit.jsonl” is in this channel');
    expect(scene.chat.look('ben', 'C01').flatMap(({ files }) => files)).toHaveLength(1);
  });

  test('that cannot be uploaded is said, with what to do', async () => {
    scene.server.scopes.delete('files:write');
    scene.dispatcher.answer(() => say('Audit', {}, { file }));
    await scene.chat.type('ana', 'C01', '/purser audit export 2026-11');
    const seen = await scene.chat.until('ana', 'C01', ({ title }) => title === 'Audit');
    expect(seen.words).toContain('could not be given to you. The scope files:write is missing');
  });
});

describe('a picture', () => {
  test('is uploaded and shown in the answer', async () => {
    scene.dispatcher.answer(() => say('Digest', { picture }));
    await scene.chat.type('ana', 'C01', '/digest now');
    const seen = await scene.chat.until('ana', 'C01', ({ title }) => title === 'Digest');
    expect(seen.pictures).toEqual([{ alt: 'USD rises', bytes: 4 }]);
  });

  test('that Slack is still looking at is waited for', async () => {
    scene.server.setFileReadyMs(15);
    await scene.bot.poster.post('C01', { tone: 'neutral', title: 'Digest', picture });
    const [seen] = scene.chat.look('ana', 'C01');
    expect(seen?.pictures).toHaveLength(1);
    expect(scene.chat.look('ana', 'C01')).toHaveLength(1);
  });

  test('that Slack never shows in a message goes into its thread', async () => {
    scene.server.setFileReadyMs(3_600_000);
    const id = await scene.bot.poster.post('C01', { tone: 'neutral', title: 'Digest', picture });
    const [card, shared] = scene.chat.look('ana', 'C01');
    expect(card).toMatchObject({ id, pictures: [] });
    expect(card?.words).toContain('USD rises');
    expect(shared).toMatchObject({ under: id, pictures: [{ bytes: 4 }] });
  });

  test('as a chart that Slack does not take is a picture', async () => {
    const chart = {
      title: 'USD',
      categories: ['1 Nov', '2 Nov'],
      series: [{ name: 'PayerMax', values: [1, 2] }],
    };
    scene.server.fail('chat.postMessage', { error: 'invalid_blocks' });
    await scene.bot.poster.post('C01', {
      tone: 'neutral',
      title: 'Digest',
      picture: { ...picture, chart },
    });
    expect(scene.chat.look('ana', 'C01')[0]?.pictures).toHaveLength(1);
  });
});

test('a layout that Slack refuses is said in plainer blocks, and logged', async () => {
  scene.server.fail('respond', { error: 'invalid_blocks' });
  scene.dispatcher.answer(() => ({ card: balanceCard(5), audience: 'asker' }));
  await scene.chat.type('ana', 'C01', '/balance');
  const seen = await scene.chat.until('ana', 'C01', ({ title }) => title === 'Balances');
  expect(seen.words).toContain('125,884.07');
  const types = scene.server.workspace.messages.flatMap(({ blocks }) =>
    blocks.map(({ type }) => type),
  );
  expect(types).not.toContain('table');
  expect(scene.log.text()).toContain('Slack refused the layout');
});
