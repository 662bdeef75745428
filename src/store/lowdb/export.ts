// All that a data folder has, for a copy of it.
import type { StoreExport } from '../copy.ts';
import { dayOf } from '../days.ts';
import type { StoredRecord } from '../types.ts';
import type { ClosedPlace } from './closed.ts';
import { type Folder, markMoved } from './moved.ts';
import type { LowdbStoreParts } from './store.ts';

/** Read at once: neighbours stand together in the file. */
const placesMax = 500;

export function createLowdbExport(
  parts: LowdbStoreParts,
  folder: Folder,
  clock: { now(): number },
): StoreExport {
  const { open, closed, writer, readings, release } = parts;

  async function* readPlaces(places: readonly ClosedPlace[]): AsyncGenerator<StoredRecord> {
    const records = await writer.readClosed(places);
    for (const place of places) {
      const record = records.get(place);
      if (record !== undefined) yield record;
    }
  }

  return {
    name: folder.dataDir,
    async *records() {
      yield* open.all();
      let places: ClosedPlace[] = [];
      for (const place of closed.all()) {
        places.push(place);
        if (places.length < placesMax) continue;
        yield* readPlaces(places);
        places = [];
      }
      yield* readPlaces(places);
    },
    audit: () => writer.readAudit(),
    readings: () => readings.read({ sinceMs: 0, each: 'reading' }),
    markMoved: (to) => markMoved(folder, to, dayOf(clock.now())),
    close: () => writer.finish().finally(release),
  };
}
