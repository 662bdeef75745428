// Every provider that Purser knows, one line each, in the order in which people see them.
import { alignet } from './alignet/index.ts';
import { paycross } from './paycross/index.ts';
import { payermax } from './payermax/index.ts';
import { payneteasy } from './payneteasy/index.ts';
import { smilepayz } from './smilepayz/index.ts';
import type { ProviderModule } from './types.ts';

export const providerModules: readonly ProviderModule[] = [
  alignet,
  paycross,
  payermax,
  payneteasy,
  smilepayz,
];
