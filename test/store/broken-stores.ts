// The reference store with one rule broken at a time: what the contract is there to find.
import { brokenAgreements } from './broken-stores-agreements.ts';
import {
  brokenAudits,
  brokenBounds,
  brokenClosings,
  brokenLists,
  brokenLives,
} from './broken-stores-history.ts';
import type { BrokenStore } from './broken-stores-made.ts';
import { brokenReadings } from './broken-stores-readings.ts';
import { brokenKeys, brokenRecords, brokenSteps } from './broken-stores-steps.ts';

export const brokenStores: readonly BrokenStore[] = [
  ...brokenRecords,
  ...brokenSteps,
  ...brokenKeys,
  ...brokenLists,
  ...brokenClosings,
  ...brokenAudits,
  ...brokenLives,
  ...brokenBounds,
  ...brokenReadings,
  ...brokenAgreements,
];
