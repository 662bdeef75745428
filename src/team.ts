// The people and rules of one team, as a person writes them in the team file. Every key here is
// typed by people: renaming one breaks their files.
import { z } from 'zod';

export const roles = ['viewer', 'requester', 'approver', 'admin'] as const;
export type Role = (typeof roles)[number];

const id = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,31}$/, 'use 1 to 32 lower-case letters, digits, - or _');
const role = z.enum(roles);
const currency = z
  .string()
  .regex(/^[A-Z]{3,5}$/, 'write the currency in capitals, like USD or USDT');
const amount = z
  .string('write the amount in quotes, like "1000.00"')
  .regex(/^\d{1,20}(\.\d{1,8})?$/, 'write digits with a dot before the decimals, like "1000.00"');
const positive = amount.refine((text) => /[1-9]/.test(text), 'write an amount above zero');
const duration = z
  .string('write a number and m, h or d, like 24h')
  .regex(/^[1-9]\d{0,3}[mhd]$/, 'write a number and m, h or d, like 24h');
/** Every payout of the window is read at each check. */
const limitWindow = duration.refine(
  (text) => durationMinutes(text) <= 31 * 24 * 60,
  'a limit looks back 31 days at most',
);
const provider = z.string().min(1);

const slackAccount = z.strictObject({
  team: z.string().regex(/^[TE][A-Z0-9]{2,20}$/, 'a Slack workspace id begins with T, like T01ABC'),
  user: z.string().regex(/^[UW][A-Z0-9]{2,20}$/, 'a Slack user id begins with U, like U01ABC'),
});
const discordAccount = z.strictObject({
  user: z
    .string('write the Discord id in quotes: YAML would round the number')
    .regex(/^\d{17,19}$/, 'a Discord user id has 17 to 19 digits'),
});

const person = z.strictObject({
  id,
  name: z.string().min(1).max(60),
  /** One account per workspace. */
  slack: z.union([slackAccount, z.array(slackAccount).min(1)]).optional(),
  discord: discordAccount.optional(),
  roles: z.array(role).min(1),
});

const channel = z
  .string()
  .regex(
    /^(slack:[CGD][A-Z0-9]{2,20}|discord:\d{17,19}|playground:[a-z][a-z0-9-]{0,30})$/,
    'write slack:C01ABC, discord:200000000000000001 or playground:approvals',
  );

const approvalRule = z.strictObject({
  when: z.strictObject({
    provider: provider.optional(),
    currency: currency.optional(),
    up_to: positive.optional(),
  }),
  need: z.int().min(1).max(10),
  from: z.union([role, z.array(id).min(1)]),
});

const limit = z.discriminatedUnion(
  'per',
  [
    z.strictObject({ per: z.literal('person'), window: limitWindow, currency, amount: positive }),
    z.strictObject({
      per: z.literal('provider'),
      provider,
      window: limitWindow,
      currency,
      amount: positive,
    }),
  ],
  'write per: person or per: provider, and what belongs to it',
);

const threshold = z.strictObject({
  provider,
  currency,
  warning: amount.optional(),
  critical: amount.optional(),
  idle: amount.optional(),
});

const day = '(?:mon|tue|wed|thu|fri|sat|sun)';
const days = new RegExp(`^${day}(?:-${day})?(?:,${day}(?:-${day})?)*$`);

const digest = z.strictObject({
  id,
  at: z
    .string('write the time in quotes, like "09:00"')
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'write the time as "09:00"'),
  zone: z.string().refine(isTimeZone, 'write an IANA time zone, like America/Lima'),
  days: z.string().regex(days, 'write days like mon-fri or mon,wed,fri').default('mon-sun'),
  to: z.array(channel).min(1),
});

export const teamSchema = z.strictObject({
  /** Each entry is checked by its provider's own schema. */
  providers: z.record(z.string(), z.unknown()).default({}),
  people: z.array(person).min(1),
  channels: z
    .strictObject({
      approvals: z.array(channel).default([]),
      audit: z.array(channel).default([]),
      alerts: z.array(channel).default([]),
    })
    .default({ approvals: [], audit: [], alerts: [] }),
  approvals: z.array(approvalRule).default([]),
  expiry: z
    .strictObject({
      after: duration,
      remind: z.array(duration).default([]),
      escalate_to: role.default('admin'),
    })
    .default({ after: '24h', remind: ['12h', '21h'], escalate_to: 'admin' }),
  limits: z.array(limit).default([]),
  thresholds: z.array(threshold).default([]),
  digests: z.array(digest).default([]),
});

export type Team = z.infer<typeof teamSchema>;
export type Person = Team['people'][number];

/** Of a duration as the team file has it: 1440 for `24h`. */
export function durationMinutes(text: string): number {
  const minutes = { m: 1, h: 60, d: 1440 }[text.slice(-1)] ?? Number.NaN;
  return Number(text.slice(0, -1)) * minutes;
}

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** An account on a chat platform, as people are told apart by it: `slack:T01:U01`. */
export function listAccounts(person: Person): string[] {
  const slack = person.slack === undefined ? [] : [person.slack].flat();
  return [
    ...slack.map(({ team, user }) => `slack:${team}:${user}`),
    ...(person.discord === undefined ? [] : [`discord:${person.discord.user}`]),
  ];
}
