// One mistake each: what it is, the team file that has it, and what its reader is told.
import { people, person } from './people.ts';

const ana = people(person('ana'));

export const mistakes: readonly (readonly [what: string, text: string, mistake: string])[] = [
  [
    'a key nobody knows',
    `${ana}\npeopel: []`,
    './team.yaml:3: peopel: Purser knows no such key here.',
  ],
  [
    'a key nobody knows, inside',
    people(person('ana', ', rolls: []')),
    './team.yaml:2: people[0].rolls: Purser knows no such key here.',
  ],
  ['no people', 'limits: []', './team.yaml: people: It is missing.'],
  ['nobody', 'people: []', './team.yaml:1: people: It needs at least 1 of them.'],
  [
    'a person without roles',
    'people:\n  - id: ana\n    name: Ana',
    './team.yaml:2: people[0].roles: It is missing.',
  ],
  [
    'a role nobody has',
    'people:\n  - id: ana\n    name: Ana\n    roles:\n      - viewer\n      - boss',
    './team.yaml:6: people[0].roles[1]: Use one of viewer, requester, approver, admin.',
  ],
  [
    'text for a list',
    'people:\n  - { id: ana, name: Ana, roles: viewer }',
    './team.yaml:2: people[0].roles: It must be a list.',
  ],
  [
    'an id in capitals',
    people(person('Ana')),
    './team.yaml:2: people[0].id: Use 1 to 32 lower-case letters, digits, - or _.',
  ],
  [
    'a Discord id without quotes',
    people(person('ana', ', discord: { user: 100000000000000001 }')),
    './team.yaml:2: people[0].discord.user: Write the Discord id in quotes: YAML would round the number.',
  ],
  [
    'a Discord id that is too short',
    people(person('ana', ', discord: { user: "1234" }')),
    './team.yaml:2: people[0].discord.user: A Discord user id has 17 to 19 digits.',
  ],
  [
    'a Slack name for an id',
    people(person('ana', ', slack: { team: T01, user: "@ana" }')),
    './team.yaml:2: people[0].slack.user: A Slack user id begins with U, like U01ABC.',
  ],
  [
    'one wrong Slack account of two',
    people(person('ana', ', slack: [{ team: T01, user: U01 }, { team: acme, user: U02 }]')),
    './team.yaml:2: people[0].slack[1].team: A Slack workspace id begins with T, like T01ABC.',
  ],
  [
    'a key nobody knows in a Slack account',
    people(person('ana', ', slack: { team: T01, user: U01, name: ana }')),
    './team.yaml:2: people[0].slack.name: Purser knows no such key here.',
  ],
  [
    'a Slack account that is text',
    people(person('ana', ', slack: U01')),
    './team.yaml:2: people[0].slack: It must be a group of keys.',
  ],
  [
    'a channel by its name',
    `${ana}\nchannels:\n  approvals: ["#payouts"]`,
    './team.yaml:4: channels.approvals[0]: Write slack:C01ABC, discord:200000000000000001 or playground:approvals.',
  ],
  [
    'a channel of another purpose',
    `${ana}\nchannels: { random: [] }`,
    './team.yaml:3: channels.random: Purser knows no such key here.',
  ],
  [
    'an amount without quotes',
    `${ana}\nlimits:\n  - { per: person, window: 24h, currency: USD, amount: 1000.10 }`,
    './team.yaml:4: limits[0].amount: Write the amount in quotes, like "1000.00".',
  ],
  [
    'an amount with separators',
    `${ana}\nlimits:\n  - { per: person, window: 24h, currency: USD, amount: "1,000.00" }`,
    './team.yaml:4: limits[0].amount: Write digits with a dot before the decimals, like "1000.00".',
  ],
  [
    'a negative amount',
    `${ana}\nlimits:\n  - { per: person, window: 24h, currency: USD, amount: "-5" }`,
    './team.yaml:4: limits[0].amount: Write digits with a dot before the decimals, like "1000.00".',
  ],
  [
    'a window without a unit',
    `${ana}\nlimits:\n  - { per: person, window: 24, currency: USD, amount: "5" }`,
    './team.yaml:4: limits[0].window: Write a number and m, h or d, like 24h.',
  ],
  [
    'a limit per something else',
    `${ana}\nlimits:\n  - { per: day, window: 24h, currency: USD, amount: "5" }`,
    './team.yaml:4: limits[0].per: Write per: person or per: provider, and what belongs to it.',
  ],
  [
    'a currency in small letters',
    `${ana}\nthresholds:\n  - { provider: bank, currency: usd }`,
    './team.yaml:4: thresholds[0].currency: Write the currency in capitals, like USD or USDT.',
  ],
  [
    'a rule that needs nobody',
    `${ana}\napprovals:\n  - { when: {}, need: 0, from: approver }`,
    './team.yaml:4: approvals[0].need: The least is 1.',
  ],
  [
    'a rule that needs one and a half',
    `${ana}\napprovals:\n  - { when: {}, need: 1.5, from: approver }`,
    './team.yaml:4: approvals[0].need: It must be a whole number.',
  ],
  [
    'a rule without its condition',
    `${ana}\napprovals:\n  - { need: 1, from: approver }`,
    './team.yaml:4: approvals[0].when: It is missing.',
  ],
  [
    'a rule from nobody',
    `${ana}\napprovals:\n  - { when: {}, need: 1, from: [] }`,
    './team.yaml:4: approvals[0].from: It needs at least 1 of them.',
  ],
  [
    'a rule from somebody unknown',
    `${ana}\napprovals:\n  - { when: {}, need: 1, from: [ana, bob] }`,
    './team.yaml:4: approvals[0].from: Nobody has the id bob.',
  ],
  [
    'an amount of no currency',
    `${ana}\napprovals:\n  - { when: { up_to: "10.00" }, need: 1, from: approver }`,
    './team.yaml:4: approvals[0].when: up_to 10.00 has no currency.',
  ],
  [
    'a rule for an unknown provider',
    `${ana}\napprovals:\n  - { when: { provider: bnak }, need: 1, from: approver }`,
    './team.yaml:4: approvals[0].when.provider: There is no provider bnak.',
  ],
  [
    'a limit of an unknown provider',
    `${ana}\nlimits:\n  - { per: provider, provider: bnak, window: 24h, currency: USD, amount: "5" }`,
    './team.yaml:4: limits[0].provider: There is no provider bnak.',
  ],
  [
    'a threshold of an unknown provider',
    `${ana}\nthresholds:\n  - { provider: bnak, currency: USD }`,
    './team.yaml:4: thresholds[0].provider: There is no provider bnak.',
  ],
  [
    'settings of an unknown provider',
    `${ana}\nproviders:\n  till:\n    decimals: 2\n  bnak: {}`,
    './team.yaml:6: providers.bnak: There is no provider bnak.',
  ],
  [
    'a time without quotes that is none',
    `${ana}\ndigests:\n  - { id: morning, at: 9, zone: UTC, to: [slack:C01] }`,
    './team.yaml:4: digests[0].at: Write the time in quotes, like "09:00".',
  ],
  [
    'an hour that does not exist',
    `${ana}\ndigests:\n  - { id: morning, at: "24:00", zone: UTC, to: [slack:C01] }`,
    './team.yaml:4: digests[0].at: Write the time as "09:00".',
  ],
  [
    'a zone that does not exist',
    `${ana}\ndigests:\n  - { id: morning, at: "09:00", zone: Lima, to: [slack:C01] }`,
    './team.yaml:4: digests[0].zone: Write an IANA time zone, like America/Lima.',
  ],
  [
    'days that do not exist',
    `${ana}\ndigests:\n  - { id: morning, at: "09:00", zone: UTC, days: weekdays, to: [slack:C01] }`,
    './team.yaml:4: digests[0].days: Write days like mon-fri or mon,wed,fri.',
  ],
  [
    'days without an end',
    `${ana}\ndigests:\n  - { id: morning, at: "09:00", zone: UTC, days: mon-wed-fri, to: [slack:C01] }`,
    './team.yaml:4: digests[0].days: Write days like mon-fri or mon,wed,fri.',
  ],
  [
    'an expiry nobody understands',
    `${ana}\nexpiry: { after: tomorrow }`,
    './team.yaml:3: expiry.after: Write a number and m, h or d, like 24h.',
  ],
  [
    'two people with one id',
    people(person('ana'), person('ana')),
    './team.yaml:3: people[1]: ana and ana both have the id ana.',
  ],
  [
    'two people with one Slack account',
    people(
      person('ana', ', slack: { team: T01, user: U01 }'),
      person('ben', ', slack: [{ team: T02, user: U01 }, { team: T01, user: U01 }]'),
    ),
    './team.yaml:3: people[1]: ben and ana both have slack:T01:U01.',
  ],
  [
    'two people with one Discord account',
    people(
      person('ana', ', discord: { user: "100000000000000001" }'),
      person('ben', ', discord: { user: "100000000000000001" }'),
    ),
    './team.yaml:3: people[1]: ben and ana both have discord:100000000000000001.',
  ],
  [
    'a person with two accounts in one workspace',
    people(person('ana', ', slack: [{ team: T01, user: U01 }, { team: T01, user: U02 }]')),
    './team.yaml:2: people[0]: ana has two accounts in one Slack workspace.',
  ],
  [
    'a rule up to nothing',
    `${ana}\napprovals:\n  - { when: { currency: USD, up_to: "0.00" }, need: 1, from: approver }`,
    './team.yaml:4: approvals[0].when.up_to: Write an amount above zero.',
  ],
  [
    'a limit of nothing',
    `${ana}\nlimits:\n  - { per: person, window: 24h, currency: USD, amount: "0" }`,
    './team.yaml:4: limits[0].amount: Write an amount above zero.',
  ],
  [
    'a reminder when all is over',
    `${ana}\nexpiry: { after: 2h, remind: [1h, 120m] }`,
    './team.yaml:3: expiry.remind[1]: Nobody is reminded after 120m: the request expires after 2h.',
  ],
  [
    'a warning that comes with the critical one',
    `${ana}\nthresholds:\n  - { provider: bank, currency: USD, critical: "10.0", warning: "10" }`,
    './team.yaml:4: thresholds[0].warning: warning 10 is not above critical 10.0.',
  ],
  [
    'idle below critical, without a warning',
    `${ana}\nthresholds:\n  - { provider: bank, currency: USD, idle: "9", critical: "10" }`,
    './team.yaml:4: thresholds[0].idle: idle 9 is not above critical 10.',
  ],
  [
    'two digests with one id',
    `${ana}\ndigests:\n  - { id: morning, at: "09:00", zone: UTC, to: [slack:C01] }\n  - { id: morning, at: "10:00", zone: UTC, to: [slack:C01] }`,
    './team.yaml:5: digests[1].id: Another digest has the id morning already.',
  ],
];
