// Providers whose door breaks a rule.
import { connect } from 'node:net';
import { z } from 'zod';
import { type BrokenProvider, mint, withClient, withVariables } from './broken-providers-made.ts';

export const brokenDoors: readonly BrokenProvider[] = [
  {
    breaks: ['has names in lower case that no other provider has'],
    how: 'answers to the alias of another provider',
    module: { ...mint, aliases: ['monnet'] },
  },
  {
    breaks: ['has names in lower case that no other provider has'],
    how: 'has a capital in an alias',
    module: { ...mint, aliases: ['Coins'] },
  },
  {
    breaks: ['answers to one id at its door, in its client and in its sandbox'],
    how: 'has a client of another name',
    module: withClient(() => ({ id: 'bank' })),
  },
  {
    breaks: ['declares each variable once, under its own name, with a sentence of help'],
    how: 'takes a variable of another provider',
    module: withVariables((one) =>
      one.isRequired ? one : { ...one, name: one.name.replace('MINT', 'BANK') },
    ),
  },
  {
    breaks: ['declares each variable once, under its own name, with a sentence of help'],
    how: 'does not help',
    module: withVariables((one) => ({ ...one, help: '' })),
  },
  {
    breaks: ['has an address, whose default is https, and no default for a secret'],
    how: 'talks to a default address that anybody can listen to',
    module: withVariables((one) =>
      one.kind === 'url' ? { ...one, defaultValue: 'http://mint.example' } : one,
    ),
  },
  {
    breaks: ['has an address, whose default is https, and no default for a secret'],
    how: 'hides its address from the check',
    module: withVariables((one) => (one.kind === 'url' ? { ...one, kind: 'text' } : one)),
  },
  {
    breaks: ['takes the settings of its sandbox and refuses a key that it does not know'],
    how: 'ignores misspelt settings',
    module: { ...mint, settings: z.looseObject({ account: z.string() }) },
  },
  {
    breaks: ['is refused by name for each required variable that is missing or empty, at once'],
    how: 'starts without an address',
    module: withVariables((one) =>
      one.kind === 'url' ? { ...one, defaultValue: 'http://127.0.0.1' } : one,
    ),
  },
  {
    breaks: ['is made without its optional variables, or says which one it needs'],
    how: 'falls over without its branch',
    module: withClient((_provider, { environment }) => {
      if (environment['MINT_BRANCH'] === undefined) throw new TypeError('no branch');
      return {};
    }),
  },
  {
    breaks: ['is made without any network'],
    how: 'connects when it is made',
    module: withClient((_provider, { environment }) => {
      connect(Number(new URL(environment['MINT_BASE_URL'] ?? '').port), '127.0.0.1')
        .on('error', () => {})
        .unref();
      return {};
    }),
  },
  {
    breaks: ['closes more than once, and asks nothing afterwards'],
    how: 'cannot be closed twice',
    module: withClient(({ close }) => {
      let isClosed = false;
      return {
        async close() {
          await close();
          if (isClosed) throw new TypeError('closed already');
          isClosed = true;
        },
      };
    }),
  },
  {
    breaks: ['closes more than once, and asks nothing afterwards'],
    how: 'goes on when it was closed',
    module: withClient(() => ({ close: async () => {} })),
  },
];
