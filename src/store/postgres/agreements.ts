// What replicas take from each other and tell each other: claims, which end with the session of
// whoever took them, and a memory, which ends with the last replica.
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import { StoreError } from '../../errors.ts';
import type { Agreements } from '../alone.ts';
import { canonicalJson } from '../chain.ts';
import { decodeName, encodeName } from './names.ts';
import type { Sitting } from './seat.ts';
import { type Sessions, statementMsMax } from './sessions.ts';

const valueBytesMax = 65_536;
/** A statement that was lost on its way may be slow to arrive, and then takes its time. */
const doubtMs = 2 * statementMsMax;

export interface AgreementsConfig {
  readonly sessions: Pick<Sessions, 'run'>;
  readonly clock: Pick<Clock, 'now'>;
  take(): Promise<Sitting>;
}

export interface PostgresAgreements extends Omit<Agreements, 'lead'> {
  /** Gives back what could not be given back at once. */
  giveBack(): Promise<void>;
  /** Removes what is void by now. */
  tidy(): Promise<void>;
}

export function createPostgresAgreements(config: AgreementsConfig): PostgresAgreements {
  const { sessions, clock, take } = config;
  /** A claim that stayed, while its replica lives, would keep everybody from the work. */
  const overdue = new Set<string>();
  /**
   * Claims whose answer was lost, and until when the server may still be about to take them: what
   * it took belongs to nobody who knows of it. By their numbers, which no other claim has.
   */
  const doubted = new Map<string, number>();
  let givingBack: Promise<void> | undefined;

  const giveBackDoubted = async () => {
    if (doubted.size === 0) return;
    // Before it is asked: what is taken after the answer would be missed.
    const now = clock.now();
    const claims = [...doubted.keys()];
    await sessions.run({
      name: 'purser doubt',
      text: 'DELETE FROM purser_claims WHERE claim = ANY ($1)',
      values: [claims],
    });
    for (const claim of claims) {
      if (now >= (doubted.get(claim) ?? 0)) doubted.delete(claim);
    }
  };

  const giveBackNow = async () => {
    await giveBackDoubted();
    const names = [...overdue];
    if (names.length === 0) return;
    const { holder } = await take();
    await sessions.run({
      name: 'purser release',
      text: 'DELETE FROM purser_claims WHERE name = ANY ($1) AND holder = $2',
      values: [names.map(encodeName), holder],
    });
    for (const name of names) overdue.delete(name);
  };

  /** One at a time, so that none takes back what was claimed anew after it. */
  const giveBack = async (): Promise<void> => {
    await givingBack?.catch(() => undefined);
    givingBack ??= giveBackNow().finally(() => {
      givingBack = undefined;
    });
    await givingBack;
  };

  return {
    giveBack,

    async claim(names) {
      if (names.length === 0) return [];
      await giveBack().catch(() => undefined);
      const { place, holder } = await take();
      const claim = randomUUID();
      const asking = sessions.run<{ name: string }>({
        name: 'purser claim',
        text: 'SELECT purser_claim($1, $2, $3, $4) AS name',
        values: [place, holder, claim, names.map(encodeName)],
      });
      const rows = await asking.catch((error: unknown) => {
        doubted.set(claim, clock.now() + doubtMs);
        throw error;
      });
      const taken = new Set(rows.map(({ name }) => decodeName(name)));
      return [...new Set(names)].filter((name) => taken.has(name));
    },

    async release(names) {
      for (const name of names) overdue.add(name);
      await giveBack();
    },

    async remember(name, value, forMs) {
      const text = canonicalJson(value);
      if (Buffer.byteLength(text) > valueBytesMax) {
        throw new StoreError('What is to be remembered has more than 64 KiB.');
      }
      const now = clock.now();
      const { epoch } = await take();
      // Told again after a lost answer, it knows its own token.
      const rows = await sessions.run({
        name: 'purser remember',
        text: `INSERT INTO purser_memory AS known (name, epoch, file, until_ms, token, value)
          VALUES ($1, $2, ${memoryFile}, $3, $4, $5)
          ON CONFLICT (name) DO UPDATE SET epoch = excluded.epoch, file = excluded.file,
            until_ms = excluded.until_ms, token = excluded.token, value = excluded.value
          WHERE known.epoch <> excluded.epoch OR known.file <> excluded.file OR known.until_ms <= $6
            OR known.token = excluded.token
          RETURNING true`,
        values: [encodeName(name), epoch, Math.ceil(now + forMs), randomUUID(), text, now],
      });
      return rows.length > 0;
    },

    async recall(name) {
      const { epoch } = await take();
      const rows = await sessions.run<{ value: string }>({
        name: 'purser recall',
        text: `SELECT value FROM purser_memory
          WHERE name = $1 AND epoch = $2 AND file = ${memoryFile} AND until_ms > $3`,
        values: [encodeName(name), epoch, clock.now()],
      });
      return rows[0] && JSON.parse(rows[0].value);
    },

    async tidy() {
      const { place, epoch } = await take();
      await sessions.run({
        text: `DELETE FROM purser_memory WHERE until_ms <= $1 OR epoch <> $2 OR file <> ${memoryFile}`,
        values: [clock.now(), epoch],
      });
      await sessions.run({ text: tidyClaims, values: [place] });
    },
  };
}

const memoryFile = `pg_relation_filenode('purser_memory')`;

const tidyClaims = `
  DELETE FROM purser_claims WHERE holder NOT IN (
    SELECT objid::bigint FROM pg_locks
    WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND classid = $1
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))`;
