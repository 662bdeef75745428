// The door: what bots' commands and the rounds may use of digests.
export { type Digest, type Due, findNext, listDue, localDateOf, localTimeOf } from './calendar.ts';
export {
  type Alert,
  type Deliveries,
  type Delivery,
  markOfDigest,
  retryForMs,
  toAlertDeliveries,
  toDelivery,
} from './deliveries.ts';
export { type BalanceHistory, createBalanceHistory } from './history.ts';
export { findThreshold, isWorse, type Level } from './levels.ts';
export {
  createDigestOffice,
  type DigestOffice,
  type DigestOfficeDeps,
  type DigestReport,
} from './office.ts';
export { type Ending, endings, type PayoutReport, type Tally } from './payout-report.ts';
export { createPictures, type Pictures, type TrendPicture } from './picture.ts';
export type {
  BalanceReport,
  Change,
  FailureReport,
  PotReport,
  ProviderReport,
  WeekChange,
} from './report.ts';
export { startWakeUps } from './schedule.ts';
export type { Trend } from './trend.ts';
export { isMuted, type Topic, topicOfPot, topicOfProvider, type Watch } from './watch.ts';
