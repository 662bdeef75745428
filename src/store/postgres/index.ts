// Opens the PostgreSQL store: any number of replicas on the same tables. The database is brought up
// to this version, the end of the audit log is proved, and the seat is taken by which the other
// replicas know this one.
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { StoreLoading } from '../copy.ts';
import type { Store } from '../types.ts';
import { createPostgresAgreements } from './agreements.ts';
import { createLeading, type Leading } from './leading.ts';
import { beginLoading } from './load.ts';
import { migrate } from './migrate.ts';
import { refusePooler } from './pooler.ts';
import { createReadings } from './readings.ts';
import { createRecordReader, type RecordReader } from './records.ts';
import { createSeat, type Seat } from './seat.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { createPostgresStore } from './store.ts';

export { type DatabaseFacts, type DatabaseLook, examineDatabase } from './examine.ts';

export interface PostgresStoreConfig {
  /** `postgres://user:password@host:5432/database`; `sslmode` and `options` as `pg` documents them. */
  readonly url: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Open records of one kind; default 1,000, as many as people can follow. */
  readonly openMax?: number;
  /** Of this replica, beside the one that shows that it lives; default 10. */
  readonly connectionsMax?: number;
}

const openMaxByDefault = 1_000;
const connectionsMaxByDefault = 10;

/** Throws `StoreError` with what to do, never with the password. */
export async function openPostgresStore(config: PostgresStoreConfig): Promise<Store> {
  const { url, clock, log, connectionsMax = connectionsMaxByDefault } = config;
  const sessions = createSessions({ url, clock, log, connectionsMax });
  try {
    await refusePooler(sessions);
    await migrate(sessions);
    const reader = createRecordReader(sessions);
    await proveEnd(sessions, reader);
    const leading: Leading = createLeading({ log, take: () => seat.take() });
    const seat: Seat = createSeat({ sessions, log, onLost: leading.lose });
    await seat.take();
    const agreements = createPostgresAgreements({ sessions, clock, take: seat.take });
    const readings = createReadings({ sessions, clock });
    return createPostgresStore({
      ...{ sessions, reader, readings, agreements, leading, seat, clock, log },
      openMax: config.openMax ?? openMaxByDefault,
    });
  } catch (error) {
    await sessions.end();
    throw error;
  }
}

/** A log that was cut, or that goes on behind Purser's back, is found before anything is added. */
async function proveEnd(sessions: Sessions, reader: RecordReader): Promise<void> {
  const text = 'SELECT coalesce(max(sequence), 0)::float8 AS last FROM purser_audit';
  const [row] = await sessions.run<{ last: number }>({ text });
  for (let from = Math.max(row?.last ?? 0, 1); ; from += 1_000) {
    // Another replica may add entries meanwhile.
    if ((await reader.listAudit(from, 1_000)).length < 1_000) return;
  }
}

/** An empty database, to be filled by a copy. Throws `StoreError` with what to do. */
export async function loadPostgres(config: PostgresStoreConfig): Promise<StoreLoading> {
  const { url, clock, log } = config;
  const sessions = createSessions({ url, clock, log, connectionsMax: 1 });
  try {
    await refusePooler(sessions);
    await migrate(sessions);
    return await beginLoading(sessions, clock);
  } catch (error) {
    await sessions.end();
    throw error;
  }
}
