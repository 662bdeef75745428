// What is offered while a line is being typed.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completeLine } from '../../src/commands/complete.ts';
import { parseLine } from '../../src/commands/parse.ts';
import type { Command } from '../../src/commands/types.ts';
import { createScene, lineOf, readingOf } from './world.ts';

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
const lines = (line: string, from = world) =>
  completeLine(line, from, from.commands).map((one) => one.line);

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
  ])('of %j is %j', (line, expected) => {
    expect(lines(line)).toEqual(expected);
  });

  it('explains each', () => {
    expect(completeLine('/balance', world, world.commands)).toEqual([
      {
        line: '/balance ',
        label: '/balance [provider|all] [currency]',
        help: 'What is available at each provider, now',
      },
    ]);
    expect(completeLine('/balance payme', world, world.commands)[0]).toEqual({
      line: '/balance alignet',
      label: 'alignet',
      help: 'Alignet, monnet, payme',
    });
  });

  it('offers no currency before a balance was read', () => {
    expect(lines('/balance payermax ', createScene().world)).toEqual([]);
  });

  it('offers nothing beyond a required argument', () => {
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
    const from = { ...world, commands: [probe] };
    expect(lines('/probe al', from)).toEqual(['/probe alignet']);
    expect(lines('/probe U', from)).toEqual([]);
    expect(lines('/probe alignet ', from)).toEqual(['/probe alignet PEN']);
  });

  it('offers 25 at most', async () => {
    const scene = createScene();
    const codes = Intl.supportedValuesOf('currency').slice(0, 60);
    const held = codes.map((code) => lineOf('main', code, { available: '1' }));
    scene.teller('payermax').says(readingOf(...held));
    await scene.balances.read(['payermax']);
    expect(lines('/balance payermax ', scene.world)).toHaveLength(25);
  });

  it('of a value is always a line that can be run', () => {
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
    fc.assert(
      fc.property(fc.array(words, { maxLength: 4 }), fc.boolean(), (all, isSpaced) => {
        for (const line of lines(`/balance ${all.join(' ')}${isSpaced ? ' ' : ''}`)) {
          expect(() => parseLine(line, world)).not.toThrow();
        }
      }),
    );
  });
});
