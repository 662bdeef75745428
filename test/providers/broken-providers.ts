// The reference provider with one rule broken at a time: what the contract is there to find.
import { brokenBalances } from './broken-providers-balances.ts';
import { brokenDoors } from './broken-providers-door.ts';
import type { BrokenProvider } from './broken-providers-made.ts';
import { brokenOrders, brokenRoutes } from './broken-providers-orders.ts';
import { brokenReports, brokenStatuses } from './broken-providers-status.ts';
import { brokenErrors, brokenWires } from './broken-providers-wire.ts';

export const brokenProviders: readonly BrokenProvider[] = [
  ...brokenDoors,
  ...brokenBalances,
  ...brokenErrors,
  ...brokenWires,
  ...brokenRoutes,
  ...brokenOrders,
  ...brokenStatuses,
  ...brokenReports,
];
