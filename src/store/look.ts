// What can be read of a store by somebody who must not change it.
import type { Store } from './types.ts';

export type Books = Pick<Store, 'listOpen' | 'readAudit'>;
