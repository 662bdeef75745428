// The people and rules of one team, as a person writes them in the team file. Every key here is
// typed by people: renaming one breaks their files.
import { z } from 'zod';

export const roles = ['viewer', 'requester', 'approver', 'admin'] as const;
export type Role = (typeof roles)[number];

const id = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,31}$/, 'use 1 to 32 lower-case letters, digits, - or _');
const slackAccount = z.strictObject({
  team: z.string().regex(/^[TE][A-Z0-9]{2,20}$/, 'a Slack workspace id begins with T, like T01ABC'),
  user: z.string().regex(/^[UW][A-Z0-9]{2,20}$/, 'a Slack user id begins with U, like U01ABC'),
});
const discordAccount = z.strictObject({
  user: z
    .string('write the Discord id in quotes')
    .regex(/^\d{17,19}$/, 'a Discord user id has 17 to 19 digits'),
});

const person = z.strictObject({
  id,
  name: z.string().min(1).max(60),
  slack: z.union([slackAccount, z.array(slackAccount).min(1)]).optional(),
  discord: discordAccount.optional(),
  roles: z.array(z.enum(roles)).min(1),
});

const channel = z
  .string()
  .regex(
    /^(slack:[CGD][A-Z0-9]{2,20}|discord:\d{17,19}|playground:[a-z][a-z0-9-]{0,30})$/,
    'write slack:C01ABC, discord:200000000000000001 or playground:approvals',
  );

export const teamSchema = z.strictObject({
  /** Checked by each provider's own schema. */
  providers: z.record(z.string(), z.unknown()).default({}),
  people: z.array(person).min(1),
  channels: z
    .strictObject({
      approvals: z.array(channel).default([]),
      audit: z.array(channel).default([]),
      alerts: z.array(channel).default([]),
    })
    .default({ approvals: [], audit: [], alerts: [] }),
});

export type Team = z.infer<typeof teamSchema>;
export type Person = Team['people'][number];
