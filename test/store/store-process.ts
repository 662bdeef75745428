// A real process with a real store, for the tests that kill it. Arguments: the data folder, and how
// many steps to make. Says a line for every step that was acknowledged, and stays until it is ended.
import { writeSync } from 'node:fs';
import { systemClock } from '../../src/clock.ts';
import { openLowdbStore, verifyChain } from '../../src/store/index.ts';
import { change } from '../contracts/store-subject.ts';
import { createRecordingLog } from '../support.ts';

const [dataDir = '', steps = '0'] = process.argv.slice(2);
/** Written at once, so that a kill loses no line. */
const say = (line: string) => writeSync(1, `${line}\n`);

try {
  const log = createRecordingLog();
  const store = await openLowdbStore({ dataDir, clock: systemClock, log });
  const verdict = await verifyChain(store.readAudit());
  const first = verdict.isIntact ? verdict.count : Number.NaN;
  say('open');
  const make = async (n: number) => {
    const id = `p${n}`;
    const open = store.commit([change({ id, key: `PUR-${n}` })], [{ step: `${id} requested` }]);
    await open.then(() => say(`${id} requested`));
    const paid = { id, key: `PUR-${n}`, expectedVersion: 1, isOpen: false, value: 'paid' };
    await store.commit([change(paid)], [{ step: `${id} paid` }]);
    say(`${id} paid`);
  };
  // Five payouts at a time: some steps share a write, and some wait for it.
  for (let n = first; n < first + Number(steps) / 2; n += 5) {
    await Promise.all([0, 1, 2, 3, 4].map((index) => make(n + index)));
  }
  say('done');
  setInterval(() => {}, 60_000);
} catch (error) {
  say(String(error));
  process.exitCode = 1;
}
