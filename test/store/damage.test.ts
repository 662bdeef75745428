// The lowdb store on real files that were torn, changed, exchanged or lost: it mends what a stopped
// process leaves behind, refuses everything else, changes nothing then, and says how to restore.
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoreError } from '../../src/errors.ts';
import { verifyChain } from '../../src/store/index.ts';
import { readAll } from '../contracts/store-subject.ts';
import { createDataFolder, type DataFolder, writeHistory } from './data-folder.ts';

let folder: DataFolder;

beforeEach(async () => {
  folder = await createDataFolder();
  const store = await folder.open();
  await writeHistory(store);
  await store.close();
});

afterEach(async () => {
  await folder.discard();
});

/** Opens, and everything of the history is there. */
async function expectWhole(): Promise<void> {
  const store = await folder.open();
  try {
    expect((await store.listSince('payout', 0, 9)).map(({ id, value }) => [id, value])).toEqual(
      [5, 4, 3, 2, 1].map((n) => [`p${n}`, { n }]),
    );
    expect(await verifyChain(store.readAudit())).toMatchObject({ isIntact: true, count: 5 });
    await store.commit([], [{ n: 6 }]);
    expect(await readAll(store, 6)).toMatchObject([{ facts: { n: 6 } }]);
  } finally {
    await store.close();
  }
}

/** Refuses twice, in the same words, and changes nothing. */
async function expectRefusal(...words: readonly (string | RegExp)[]): Promise<void> {
  const before = await folder.snapshot();
  for (const _ of ['first', 'second']) {
    const refused: unknown = await folder.open().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StoreError);
    for (const word of words) expect(String(refused)).toMatch(word);
    expect(await folder.snapshot()).toEqual(before);
  }
}

describe('after a process was killed, the lowdb store', () => {
  /** As if the last step had been killed between open.json and the files that follow. */
  async function leavePending(): Promise<Record<'audit.jsonl' | 'closed.jsonl', string>> {
    const other = await createDataFolder();
    const store = await other.open();
    await writeHistory(store);
    // Not closed: open.json still names the lines of step 5 as pending.
    const left = await other.snapshot();
    await store.close();
    await other.discard();
    for (const [name, text] of Object.entries(left)) await folder.write(name, text);
    const lastLineOf = (text = '') => text.slice(text.lastIndexOf('\n', text.length - 2) + 1);
    return {
      'audit.jsonl': lastLineOf(left['audit.jsonl']),
      'closed.jsonl': lastLineOf(left['closed.jsonl']),
    };
  }

  for (const name of ['audit.jsonl', 'closed.jsonl'] as const) {
    it(`writes the last line of ${name} again, wherever it was torn`, async () => {
      const line = (await leavePending())[name];
      const whole = await folder.snapshot();
      for (const missing of [1, 2, line.length >> 1, line.length - 1, line.length]) {
        for (const [file, text] of Object.entries(whole)) await folder.write(file, text);
        await folder.shorten(name, missing);
        await expectWhole();
        const torn = line.slice(0, -missing);
        if (torn !== '') expect(await folder.read(`${name}.torn`)).toBe(torn);
      }
      expect(folder.log.text()).toContain('only partly written before Purser stopped');
    });

    it(`writes a last line of ${name} again that a power cut left as zeros`, async () => {
      const line = (await leavePending())[name];
      await folder.shorten(name, line.length);
      await folder.append(name, '\0'.repeat(line.length - 3));
      await expectWhole();
    });
  }

  it('replaces what was left of a step that never happened', async () => {
    for (const draft of ['', '{"schema":1,"sha', await folder.read('open.json')]) {
      await folder.write('open.json.tmp', draft);
      await folder.write('open.json.bak.tmp', draft);
      await expectWhole();
      await rm(folder.dataDir, { recursive: true });
      await mkdir(folder.dataDir);
      const store = await folder.open();
      await writeHistory(store);
      await store.close();
    }
  });
});

describe('with a damaged open.json, the lowdb store', () => {
  const spoils: Readonly<Record<string, () => Promise<void>>> = {
    'is empty': () => folder.write('open.json', ''),
    'is torn': () => folder.shorten('open.json', 40),
    'is zeros': () => folder.write('open.json', '\0'.repeat(900)),
    'is another text': () => folder.write('open.json', '[]'),
    'has a changed figure': async () => {
      const text = await folder.read('open.json');
      expect(text).toContain('"value":{"n":1}');
      await folder.write('open.json', text.replace('"value":{"n":1}', '"value":{"n":9}'));
    },
  };
  for (const [how, spoil] of Object.entries(spoils)) {
    it(`refuses to start when it ${how}, and the copy brings all back`, async () => {
      await spoil();
      await expectRefusal('open.json is damaged. Nothing was changed', /is good .* start again\.$/);
      await copyFile(folder.path('open.json.bak'), folder.path('open.json'));
      await expectWhole();
    });
  }

  it('does not recommend a copy that is older than the history', async () => {
    const copy = await folder.read('open.json.bak');
    await expectWhole();
    await folder.write('open.json.bak', copy);
    await folder.write('open.json', '');
    await expectRefusal('is older than audit.jsonl and must not be used', 'whole folder');
  });

  it('does not recommend a copy that is damaged too, or none', async () => {
    await folder.write('open.json', '');
    await folder.shorten('open.json.bak', 9);
    await expectRefusal('is damaged too. Restore the whole folder');
    await rm(folder.path('open.json.bak'));
    await expectRefusal('There is no copy of it. Restore the whole folder');
  });

  it('refuses an older copy in its place', async () => {
    const older = await folder.read('open.json');
    await expectWhole();
    await folder.write('open.json', older);
    await expectRefusal('audit.jsonl goes on after the', 'would look unsent', 'one backup');
  });

  it('refuses to start afresh when it is missing and history is there', async () => {
    await rm(folder.path('open.json'));
    await expectRefusal('open.json is missing, but open.json.bak is there', 'is good');
    await rm(folder.path('open.json.bak'));
    await expectRefusal('open.json is missing, but audit.jsonl is there', 'no copy');
    await rm(folder.path('audit.jsonl'));
    await expectRefusal('open.json is missing, but closed.jsonl is there', 'no copy');
  });
});

describe('with a damaged history, the lowdb store', () => {
  const names = { 'audit.jsonl': 'was changed', 'closed.jsonl': 'is damaged' };
  for (const [name, what] of Object.entries(names)) {
    it(`refuses to start for any changed byte of ${name}, and says which line`, async () => {
      const bytes = Buffer.from(await folder.read(name));
      const whole = await folder.snapshot();
      for (let position = 0; position < bytes.length; position += 7) {
        await folder.spoil(name, position);
        const refused: unknown = await folder.open().catch((error: unknown) => error);
        expect(refused, `byte ${position}`).toBeInstanceOf(StoreError);
        expect(String(refused)).toContain(name);
        await folder.write(name, whole[name] ?? '');
      }
      const line = bytes.indexOf('\n') + 30;
      await folder.spoil(name, line);
      await expectRefusal(`${name} ${what} in line 2`, 'copy it from a backup');
      await folder.spoil(name, line);
      await expectWhole();
    });

    it(`refuses to start when ${name} lost its end, or a line in the middle`, async () => {
      const whole = await folder.read(name);
      await folder.shorten(name, 1);
      await expectRefusal(`${name} ends after ${whole.length - 1} bytes, but`, 'from a backup');
      const lines = whole.split('\n');
      await folder.write(name, lines.toSpliced(1, 1).join('\n'));
      await expectRefusal(`${name} ends after`, 'from a backup');
      // Same length, another order.
      await folder.write(name, lines.toSpliced(1, 2, lines[2] ?? '', lines[1] ?? '').join('\n'));
      if (name === 'audit.jsonl') await expectRefusal(`${name} was changed in line 2`);
    });

    it(`refuses to start when somebody wrote into ${name}`, async () => {
      await folder.append(name, 'x\n');
      await expectRefusal(`${name} goes on after`, 'Restore the whole folder from one backup');
    });

    it(`goes on without a lost ${name} only when somebody says so, and once`, async () => {
      await rm(folder.path(name));
      await expectRefusal(`${name} is missing or empty`, `rename ${name} to ${name}.lost`);
      await folder.write(`${name}.lost`, '');
      let store = await folder.open();
      await store.commit([], [{ n: 6 }]);
      expect((await store.listOpen('payout')).map(({ id }) => id)).toEqual(['p1']);
      const rows = await store.listSince('payout', 0, 9);
      expect(rows).toHaveLength(name === 'closed.jsonl' ? 1 : 5);
      const verdict = await verifyChain(store.readAudit());
      expect(verdict).toMatchObject(
        name === 'closed.jsonl'
          ? { isIntact: true, count: 6 }
          : { isIntact: false, sequence: 1, reason: /entry 1 is missing/ },
      );
      await store.close();
      expect(folder.log.text()).toContain(
        `a file was given up: what it held is not known to Purser any more file=${name}`,
      );
      store = await folder.open();
      await store.close();
      if (name === 'closed.jsonl') return;
      await rm(folder.path(name));
      await expectRefusal(`${name} is missing or empty`);
    });
  }

  it('refuses to start with the audit log of another folder', async () => {
    const other = await createDataFolder();
    const store = await other.open();
    await store.commit([], [{ n: 9 }]);
    await writeHistory(store);
    await store.close();
    const size = (await folder.read('audit.jsonl')).length;
    const text = await other.read('audit.jsonl');
    await other.discard();
    expect(text.length).toBeGreaterThan(size);
    await rename(folder.path('audit.jsonl'), folder.path('mine'));
    await folder.write('audit.jsonl', text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1));
    await expectRefusal('audit.jsonl');
  });

  it('is not misled by facts that look like the end of an entry', async () => {
    let store = await folder.open();
    const hash = '0'.repeat(64);
    const facts = { a: 1, hash, previousHash: hash, sequence: 9, text: ',"hash":"' };
    await store.commit([], [{ a: { ...facts } }, facts, { hash: 'x' }]);
    await store.close();
    store = await folder.open();
    expect(await verifyChain(store.readAudit())).toMatchObject({ isIntact: true, count: 8 });
    await store.close();
  });

  it('finds a byte that is changed while it runs, and says so to who asks', async () => {
    const store = await folder.open();
    const line = (await folder.read('closed.jsonl')).indexOf('"value":{"n":2}');
    await folder.spoil('closed.jsonl', line + 13);
    await expect(store.find('payout', 'p2')).rejects.toThrow(/damaged at byte 0: payout p2 cannot/);
    await folder.spoil('audit.jsonl', -9);
    expect(await verifyChain(store.readAudit())).toMatchObject({ isIntact: false, sequence: 5 });
    await folder.spoil('closed.jsonl', line + 13);
    await folder.spoil('audit.jsonl', -9);
    await store.close();
    await expectWhole();
  });
});
