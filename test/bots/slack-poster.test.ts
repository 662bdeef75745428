import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Card } from '../../src/commands/card.ts';
import { BotError } from '../../src/errors.ts';
import { openSlackScene, type SlackScene } from './slack-support.ts';

let scene: SlackScene;
beforeEach(async () => {
  scene = await openSlackScene({ isStarted: false });
});
afterEach(async () => {
  await scene.stop();
  expect(scene.chat.complaints()).toEqual([]);
});

const card = (title: string, more: Partial<Card> = {}): Card => ({
  tone: 'neutral',
  title,
  ...more,
});
const channelOf = (id: string) => {
  const channel = scene.server.workspace.channels.get(id);
  if (channel === undefined) throw new Error(id);
  return channel;
};

test('posts before the bot is started, in a thread too, and never unfurls or formats', async () => {
  const { poster } = scene.bot;
  const id = await poster.post('C01', card('Payout'));
  await poster.post('C01', card('Approved by Ben'), id);
  expect(scene.chat.look('ana', 'C01')).toMatchObject([
    { id, title: 'Payout', isPrivate: false },
    { title: 'Approved by Ben', under: id },
  ]);
  for (const { method, args } of scene.server.calls) {
    if (method !== 'chat.postMessage') continue;
    expect(args).toMatchObject({ unfurl_links: false, unfurl_media: false, mrkdwn: false });
  }
});

test('changes its message, and says where it is gone', async () => {
  const { poster } = scene.bot;
  const id = await poster.post('C01', card('Payout', { mentions: ['ben'] }));
  expect(await poster.update('C01', id, card('Paid', { mentions: ['ben'] }))).toBe(true);
  const [seen] = scene.chat.look('ana', 'C01');
  expect(seen).toMatchObject({ id, title: 'Paid' });
  // A change notifies nobody.
  expect(JSON.stringify(scene.server.workspace.messages[0]?.blocks)).not.toContain('U0BEN');
  scene.server.workspace.messages.length = 0;
  expect(await poster.update('C01', id, card('Paid'))).toBe(false);
});

test('notifies the persons of the card who have an account here, and nobody else', async () => {
  await scene.bot.poster.post(
    'C01',
    card('@everyone <@U0EVE> decide', { mentions: ['ben', 'nobody'] }),
  );
  expect(scene.chat.look('ana', 'C01')[0]?.mentions).toEqual(['ben']);
});

test('tells one person', async () => {
  await scene.bot.poster.tell({ platform: 'slack', team: 'T01', user: 'U0BEN' }, card('Paid'));
  expect(scene.chat.look('ben', 'dm')).toMatchObject([{ title: 'Paid', isPrivate: true }]);
  expect(scene.chat.look('ana', 'dm')).toEqual([]);
});

describe('find', () => {
  test('gives the newest of its own messages with the mark, however far back it stands', async () => {
    const { poster } = scene.bot;
    const sinceMs = scene.server.workspace.now() - 1000;
    const mark = 'morning 2026-11-26 <&>';
    await poster.post('C01', card('Digest', { mark }));
    const id = await poster.post('C01', card('Digest', { mark }));
    for (let index = 0; index < 230; index += 1) {
      scene.server.workspace.messages.push({
        ts: scene.server.workspace.newTs(),
        channel: 'C01',
        text: 'hello',
        blocks: [],
        files: [],
        isEdited: false,
      });
    }
    expect(await poster.find('C01', mark, sinceMs)).toBe(id);
    expect(await poster.find('C01', 'morning 2026-11-27', sinceMs)).toBeUndefined();
    expect(await poster.find('C01', mark, scene.server.workspace.now() + 5000)).toBeUndefined();
  });

  test('does not believe a message with the mark in the words of others', async () => {
    const { poster } = scene.bot;
    const id = await poster.post('C01', card('Digest', { mark: 'mark-1' }));
    const message = scene.server.workspace.messages.find(({ ts }) => ts === id);
    if (message === undefined) throw new Error('not posted');
    message.author = 'U0EVE';
    expect(await poster.find('C01', 'mark-1', 0)).toBeUndefined();
  });
});

test('links to a message of the workspace', async () => {
  const { poster } = scene.bot;
  expect(poster.linkTo?.('C01', '1700000000.000100')).toBe(
    'https://slack.com/archives/C01/p1700000000000100',
  );
  await scene.bot.check();
  expect(poster.linkTo?.('C01', '1700000000.000100')).toBe(
    'https://acme.slack.com/archives/C01/p1700000000000100',
  );
});

describe('what goes wrong is said with what to do', () => {
  const post = () => scene.bot.poster.post('C01', card('Payout'));

  test('a channel that it is not in', async () => {
    channelOf('C01').isMember = false;
    await expect(post()).rejects.toThrow(/C01 could not be reached.*\/invite @purser/);
    await expect(post()).rejects.toBeInstanceOf(BotError);
  });

  test('a channel that is not there', async () => {
    await expect(scene.bot.poster.post('C99', card('Payout'))).rejects.toThrow('check its id');
  });

  test('an archived channel', async () => {
    channelOf('C01').isArchived = true;
    await expect(post()).rejects.toThrow('archived');
  });

  test('a missing scope', async () => {
    scene.server.scopes.delete('channels:history');
    scene.server.scopes.delete('groups:history');
    await expect(scene.bot.poster.find('C01', 'x', 0)).rejects.toThrow(
      'The scope channels:history is missing',
    );
  });

  test('an outage', async () => {
    await scene.chat.away();
    await expect(post()).rejects.toThrow('Slack cannot be reached.');
  });

  test('patience beyond the bound', async () => {
    scene.server.fail('chat.postMessage', { status: 429, retryAfter: 600 });
    await expect(post()).rejects.toThrow('Slack asks for patience.');
  });

  test('an answer that is lost is not taken for a message that was not posted', async () => {
    scene.server.fail('chat.postMessage', { isLost: true });
    await expect(post()).rejects.toBeInstanceOf(BotError);
    expect(scene.server.workspace.messages).toHaveLength(1);
  });
});
