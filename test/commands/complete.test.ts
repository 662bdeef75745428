// What is offered while a line is being typed.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completeLine } from '../../src/commands/complete.ts';
import { parseLine } from '../../src/commands/parse.ts';
import type { Command } from '../../src/commands/types.ts';
import { basics, createScene, lineOf, readingOf } from './world.ts';

async function createHeldScene() {
  const scene = createScene();
  scene
    .teller('payermax')
    .says(
      readingOf(
        lineOf('main', 'USD', { available: '1' }),
        lineOf('other', 'KWD', { available: '1' }),
        lineOf('unnamed', undefined, { available: '1' }),
      ),
    );
  scene.teller('alignet').says(readingOf(lineOf('main', 'PEN', { available: '1' })));
  await scene.balances.read(['payermax', 'alignet']);
  return scene;
}

const { world } = await createHeldScene();
const lines = async (line: string, from = world, commands = basics) =>
  (await completeLine(line, from, commands)).map((one) => one.line);

describe('completion', () => {
  it.each([
    ['', []],
    ['balance', []],
    ['hello', []],
    ['/', ['/balance ', '/purser providers', '/purser help']],
    ['/b', ['/balance ']],
    ['/BAL', ['/balance ']],
    ['/balance', ['/balance ']],
    ['/purser', ['/purser providers', '/purser help']],
    ['/purser ', ['/purser providers', '/purser help']],
    ['/purser h', ['/purser help']],
    ['/purser help', ['/purser help']],
    ['/purser help ', []],
    ['/weather ', []],
    [
      '/balance ',
      ['alignet', 'payermax', 'payneteasy', 'smilepayz', 'all'].map((one) => `/balance ${one}`),
    ],
    ['/balance pay', ['/balance alignet', '/balance payermax', '/balance payneteasy']],
    ['/balance mon', ['/balance alignet']],
    ['/balance SMILE', ['/balance smilepayz']],
    ['/balance U', ['/balance USD']],
    ['/balance a', ['/balance alignet', '/balance all']],
    ['/balance paycross', []],
    ['/balance payermax ', ['/balance payermax KWD', '/balance payermax USD']],
    ['/balance PayerMax k', ['/balance PayerMax KWD']],
    ['/balance payme ', ['/balance payme PEN']],
    ['/balance all ', ['/balance all KWD', '/balance all PEN', '/balance all USD']],
    ['/balance smilepayz ', []],
    ['/balance USD ', []],
    ['/balance nonsense ', []],
    ['/balance payermax USD ', []],
    ['/balance payermax USD K', []],
  ])('of %j is %j', async (line, expected) => {
    expect(await lines(line)).toEqual(expected);
  });

  it('explains each', async () => {
    expect(await completeLine('/balance', world, basics)).toEqual([
      {
        line: '/balance ',
        label: '/balance [provider|all] [currency]',
        help: 'What is available at each provider, now',
      },
    ]);
    expect((await completeLine('/balance payme', world, basics))[0]).toEqual({
      line: '/balance alignet',
      label: 'alignet',
      help: 'Alignet, monnet, payme',
    });
  });

  it('offers no currency before a balance was read', async () => {
    expect(await lines('/balance payermax ', createScene().world)).toEqual([]);
  });

  it('offers nothing beyond a required argument', async () => {
    const probe: Command = {
      path: ['probe'],
      summary: 'Probes',
      arguments: [
        { name: 'provider', kind: 'provider', isRequired: true, help: 'Which' },
        { name: 'currency', kind: 'currency', isRequired: false, help: 'In what' },
      ],
      roles: [],
      examples: [],
      run: async () => ({ card: { tone: 'neutral', title: 'Probe' }, audience: 'asker' }),
    };
    expect(await lines('/probe al', world, [probe])).toEqual(['/probe alignet']);
    expect(await lines('/probe U', world, [probe])).toEqual([]);
    expect(await lines('/probe alignet ', world, [probe])).toEqual(['/probe alignet PEN']);
  });

  it('offers 25 at most', async () => {
    const scene = createScene();
    const codes = Intl.supportedValuesOf('currency').slice(0, 60);
    const held = codes.map((code) => lineOf('main', code, { available: '1' }));
    scene.teller('payermax').says(readingOf(...held));
    await scene.balances.read(['payermax']);
    expect(await lines('/balance payermax ', scene.world)).toHaveLength(25);
  });

  it('of a value is always a line that can be run', async () => {
    const words = fc.constantFrom(
      'p',
      'pay',
      'all',
      'U',
      'payermax',
      'payme',
      'USD',
      'x',
      '',
      'KW',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(words, { maxLength: 4 }), fc.boolean(), async (all, isSpaced) => {
        for (const line of await lines(`/balance ${all.join(' ')}${isSpaced ? ' ' : ''}`)) {
          await parseLine(line, world);
        }
      }),
    );
  });
});
