// Tells every story in one setting, in one town: each has an amount of its own.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openTown, type Town } from '../town/index.ts';
import { asking } from './asking.ts';
import { castFor, type Setting } from './cast.ts';
import { reading } from './reading.ts';
import { restart } from './restart.ts';
import { trouble } from './trouble.ts';

export function tellStories(setting: Setting): void {
  describe(setting.name, () => {
    let town: Town;
    beforeAll(async () => {
      const { platforms, replicas } = setting;
      town = await openTown({ platforms, ...(replicas === undefined ? {} : { replicas }) });
    });
    afterEach(() => expect(town.listTroubles()).toEqual([]));
    afterAll(() => town.stop());
    for (const { name, tell } of [...asking, ...reading, ...trouble, ...restart]) {
      test(name, () => tell(castFor(town, setting)));
    }
  });
}
