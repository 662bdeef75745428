// An answer with money in it is the asker's alone until the asker shares it.
import { describe, expect, it } from 'vitest';
import { ana, ask, ben, createScene, eve, lineOf, readingOf, spot } from './world.ts';

describe('the button that shares an answer', () => {
  async function createShared() {
    const scene = createScene();
    scene.teller('payermax').says(readingOf(lineOf('main', 'USD', { available: '1.50' })));
    const { card } = await ask(scene.dispatcher, ana, '/balance payermax');
    return { ...scene, card, action: card.buttons?.[0]?.action ?? '' };
  }

  it('stands under answers with money in them only', async () => {
    const { card, dispatcher } = await createShared();
    expect(card.buttons).toEqual([{ action: 'share:R1', label: 'Share here', style: 'plain' }]);
    expect((await ask(dispatcher, ana, '/balance nothing')).card.buttons).toBeUndefined();
    expect((await ask(dispatcher, eve, '/balance')).card.buttons).toBeUndefined();
  });

  it('posts the same card to the channel, naming who shared it, without the button', async () => {
    const { card, dispatcher, action, log } = await createShared();
    const { buttons, notes = [], ...rest } = card;
    expect(buttons).toHaveLength(1);
    expect(await dispatcher.press({ account: ana, spot, action })).toEqual({
      audience: 'channel',
      card: { ...rest, notes: [...notes, 'Shared by Ana.'] },
    });
    expect(log.lines.at(-1)).toMatchObject({
      message: 'answered',
      fields: { reference: 'R2', person: 'ana', shared: 'R1' },
    });
  });

  it('is the asker’s alone', async () => {
    const { dispatcher, action } = await createShared();
    const { card, audience } = await dispatcher.press({ account: ben, spot, action });
    expect(audience).toBe('asker');
    expect(card.title).toBe('Only the person who asked can share this answer');
    expect(card.table).toBeUndefined();
    expect((await dispatcher.press({ account: ana, spot, action })).audience).toBe('channel');
  });

  it.each(['share:R99', 'share:', 'share'])('pressed as %j is too old', async (action) => {
    const { dispatcher } = await createShared();
    expect(await dispatcher.press({ account: ana, spot, action })).toMatchObject({
      audience: 'asker',
      card: { tone: 'warning', title: 'This answer can no longer be shared', reference: 'R2' },
    });
  });

  it.each(['approve:R1', ' share:R1', 'R1', '', 'constructor:R1', '__proto__'])(
    'pressed as %j is a button that Purser does not know',
    async (action) => {
      const { dispatcher } = await createShared();
      expect(await dispatcher.press({ account: ana, spot, action })).toMatchObject({
        audience: 'asker',
        card: { tone: 'warning', title: 'Purser does not know this button', reference: 'R2' },
      });
    },
  );

  it('works for a day', async () => {
    const { dispatcher, action, clock } = await createShared();
    clock.advance(24 * 3_600_000 - 1);
    expect((await dispatcher.press({ account: ana, spot, action })).audience).toBe('channel');
    clock.advance(1);
    const { card } = await dispatcher.press({ account: ana, spot, action });
    expect(card.title).toBe('This answer can no longer be shared');
  });
});
