// What is open, for somebody who only looks.
import type { z } from 'zod';
import { StoreError } from '../errors.ts';
import type { Books } from '../store/index.ts';
import { type Freeze, freezeSchema } from './freezes.ts';
import { type Payout, payoutSchema } from './types.ts';

export interface OpenWork {
  readonly payouts: readonly Payout[];
  readonly freezes: readonly Freeze[];
}

/** Throws `StoreError` for a record that this version cannot read. */
export async function readOpenWork(books: Pick<Books, 'listOpen'>): Promise<OpenWork> {
  return {
    payouts: await readOpen(books, 'payout', payoutSchema),
    freezes: await readOpen(books, 'freeze', freezeSchema),
  };
}

async function readOpen<T>(
  books: Pick<Books, 'listOpen'>,
  kind: string,
  schema: z.ZodType<T>,
): Promise<T[]> {
  return (await books.listOpen(kind)).map(({ id, value }) => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    throw new StoreError(`The stored ${kind} ${id} cannot be read.`);
  });
}
