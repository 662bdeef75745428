// The way into the stores: the port's types are in types.ts.
export { createAgreements } from './alone.ts';
export {
  type ChainHead,
  type ChainVerdict,
  canonicalJson,
  chainStart,
  nextEntry,
  verifyChain,
} from './chain.ts';
export { type Claims, createClaims } from './claims.ts';
export { dayMs, dayOf } from './days.ts';
export type { Books } from './look.ts';
export {
  type FolderLook,
  type LowdbStoreConfig,
  lookIntoFolder,
  openLowdbStore,
} from './lowdb/index.ts';
export { createRecords, type Records } from './records.ts';
