// One line of the doctor: a bot’s finding, and the part of a set-up that it is about.
import type { Finding } from '../bots/types.ts';

/** In the order in which they are read. */
export const areas = [
  'Configuration',
  'This machine',
  'Data',
  'Team file',
  'Slack',
  'Discord',
  'Playground',
  'Providers',
  'Network',
] as const;
export type Area = (typeof areas)[number];

export interface Examined extends Finding {
  readonly area: Area;
}

export function fine(what: string, text: string): Finding {
  return { level: 'fine', what, text };
}

export function warning(what: string, text: string): Finding {
  return { level: 'warning', what, text };
}

export function problem(what: string, text: string): Finding {
  return { level: 'problem', what, text };
}

/** Because of a problem that has its own line: one cause is one problem. */
export function unchecked(what: string, why: string): Finding {
  return { level: 'unchecked', what, text: `Not checked: ${why}.` };
}

export function inArea(area: Area, findings: readonly Finding[]): Examined[] {
  return findings.map((one) => ({ area, ...one }));
}
