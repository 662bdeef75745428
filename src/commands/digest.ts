// /digest now, list and log, and the buttons of digests and alerts.
import { type Delivery, type Digest, findNext, localTimeOf, topicOfPot } from '../digests/index.ts';
import { UserError } from '../errors.ts';
import type { Card, Cell } from './card.ts';
import { composeDigestCard } from './digest-card.ts';
import { describeDate } from './digest-words.ts';
import { CommandError } from './errors.ts';
import { withValue } from './form.ts';
import { describeInstant, describeUntil } from './times.ts';
import type { Action, ActionContext, Command } from './types.ts';

const logForMs = 14 * 24 * 3_600_000;
const logMax = 500;
const rowsMax = 40;

export const digestNowCommand: Command = {
  path: ['digest', 'now'],
  summary: 'The digest as it would be now, for you alone until it is posted',
  arguments: [],
  roles: ['viewer'],
  examples: ['/digest now'],
  async run(context) {
    const { digests, team, person, reference } = context;
    const [digest] = team.digests;
    context.progress({ tone: 'neutral', title: 'Digest', text: 'Asking every provider…' });
    const report = await digests.compose(digest);
    const picture = await digests.draw(report);
    const card = composeDigestCard(report, { team, digest });
    const failures = report.balances.providers.flatMap(({ failure }) => failure?.error ?? []);
    return {
      card: {
        ...card,
        notes: [...(card.notes ?? []), ...(digest === undefined ? [unscheduled] : [])],
        ...(picture === undefined ? {} : { picture }),
        buttons: [
          ...(mayPost(person.roles)
            ? team.digests.slice(0, 2).map((one) => postButton(one, reference))
            : []),
          ...(card.buttons ?? []),
        ],
        reference,
      },
      audience: 'asker',
      failures,
    };
  },
};

const unscheduled = 'No digest is scheduled: write one under digests in the team file.';

function mayPost(roles: readonly string[]): boolean {
  return digestPostAction.roles.some((role) => roles.includes(role));
}

/** The reference makes a second press of the same button the same posting. */
function postButton({ id, to }: Digest, reference: string) {
  const where = to.length === 1 ? 'its channel' : `its ${to.length} channels`;
  return {
    action: `digest.post:${id}.${reference}`,
    label: `Post ${id} to ${where}`,
    style: 'plain',
  } as const;
}

/** Beside the schedule: the digest of the day comes all the same. */
export const digestPostAction: Action = {
  name: 'digest.post',
  roles: ['approver', 'admin'],
  async run({ digests, team, person, place, reference }, argument) {
    const [id, edition = ''] = argument.split('.');
    const digest = team.digests.find((one) => one.id === id);
    if (digest === undefined)
      throw new CommandError('There is no such digest', 'See /digest list.');
    await digests.postNow(digest, { person: person.id, place, reference: edition });
    const card: Card = {
      tone: 'good',
      title: 'It is being posted',
      text: `The digest ${digest.id} goes to ${digest.to.join(' and ')}, as it is now. Whether it got there stands in /digest log.`,
      suggestions: ['/digest log'],
      reference,
    };
    return { card, audience: 'asker' };
  },
};

export const digestListCommand: Command = {
  path: ['digest', 'list'],
  summary: 'Which digests there are, and when each comes next',
  arguments: [],
  roles: ['viewer', 'admin'],
  examples: ['/digest list'],
  async run({ team, clock, reference }) {
    const now = clock.now();
    const rows = team.digests.map((digest): Cell[] => {
      const next = findNext(digest, now);
      return [
        { text: digest.id },
        { text: `${digest.days} at ${digest.at}, ${digest.zone}` },
        next === undefined
          ? { text: 'never', tone: 'warning' }
          : {
              text: `${describeDate(next.date)}, ${localTimeOf(next.atMs, digest.zone)} there · ${describeInstant(next.atMs)}, ${describeUntil(next.atMs - now)}`,
            },
        { text: digest.to.join(', ') },
      ];
    });
    const columns = ['Digest', 'When', 'Next', 'Where'].map((label, index) => ({
      label,
      align: 'start' as const,
      ...(index === 2 ? { isHeadline: true } : {}),
    }));
    const card: Card = {
      tone: 'neutral',
      title: 'Digests',
      ...(rows.length === 0 ? { text: unscheduled } : {}),
      ...(rows.length === 0
        ? {}
        : { table: { caption: 'Digests and their next times', columns, groups: [{ rows }] } }),
      suggestions: ['/digest now', '/digest log'],
      reference,
    };
    return { card, audience: 'asker' };
  },
};

export const digestLogCommand: Command = {
  path: ['digest', 'log'],
  summary: 'Which digests of the last 14 days were posted, and why not',
  arguments: [],
  roles: ['viewer', 'admin'],
  examples: ['/digest log'],
  async run({ digests, clock, reference, nameOf }) {
    const recent = await digests.deliveries.listSince(clock.now() - logForMs, logMax);
    const own = recent
      .filter(({ digest }) => digest !== undefined)
      .sort((a, b) => b.dueAtMs - a.dueAtMs);
    const rows = own.slice(0, rowsMax).map((one) => toLogRow(one, nameOf));
    const bad = own.filter(({ state }) => state === 'given_up' || state === 'missed').length;
    const more = own.length - rows.length;
    const card: Card = {
      tone: bad > 0 ? 'warning' : 'neutral',
      title: 'Digests of the last 14 days',
      text:
        own.length === 0
          ? 'None was due.'
          : bad === 0
            ? 'None is missing.'
            : `Not posted: ${bad}. Each says why.`,
      ...(rows.length === 0
        ? {}
        : {
            table: {
              caption: 'Digests by date and channel, newest first',
              columns: [
                { label: 'Digest', align: 'start' },
                { label: 'Where', align: 'start' },
                { label: 'What became of it', align: 'start', isHeadline: true },
              ],
              groups: [{ rows }],
            },
          }),
      ...(more > 0 ? { notes: [`${more} older ones are not shown.`] } : {}),
      suggestions: ['/digest list'],
      reference,
    };
    return { card, audience: 'asker' };
  },
};

function toLogRow(delivery: Delivery, nameOf: (person: string) => string): Cell[] {
  const { digest, channel } = delivery;
  const by = digest?.by === undefined ? '' : `, asked for by ${nameOf(digest.by)}`;
  return [
    { text: `${digest?.id}, ${describeDate(digest?.date ?? '')}${by}` },
    { text: channel },
    describeFate(delivery),
  ];
}

function describeFate(delivery: Delivery): Cell {
  const { state, postedAtMs = 0, isLate, reason = '', tries } = delivery;
  switch (state) {
    case 'posted':
      return { text: `Posted ${describeInstant(postedAtMs)}${isLate === true ? ', late' : ''}` };
    case 'missed':
      return { text: `Missed. ${reason}`, tone: 'warning' };
    case 'given_up':
      return { text: `Given up. ${reason}`, tone: 'bad' };
    case 'claimed':
      return {
        text: tries === 0 ? 'Being posted' : `Tried ${tries} times, is tried again. ${reason}`,
        tone: 'warning',
      };
  }
}

const noteMax = 300;

/** Says in the channel, and on record, what somebody does about a balance. */
export const topUpNoteAction: Action = {
  name: 'digest.note',
  roles: ['requester', 'approver', 'admin'],
  opensForm: true,
  async run(context, _argument, values) {
    const { digests, person, place, reference } = context;
    const scopes = listScopes(context);
    const scope = scopes.find(({ value }) => value === values?.['scope']);
    const note = (values?.['note'] ?? '').trim();
    const isGood = scope !== undefined && note.length >= 3 && note.length <= noteMax;
    if (values === undefined || !isGood)
      return { card: askNote(context, values), audience: 'asker' };
    await digests.noteTopUp({ person: person.id, place, scope: scope.value, note });
    const card: Card = {
      tone: 'neutral',
      title: `Top-up note: ${scope.label}`,
      text: note,
      notes: [`By ${person.name}; it stands in the audit log.`],
      reference,
    };
    return { card, audience: 'channel' };
  },
};

function askNote(
  context: ActionContext,
  values: Readonly<Record<string, string>> | undefined,
): Card {
  const scopes = listScopes(context);
  const [first] = scopes;
  if (first === undefined)
    throw new CommandError('No provider is connected', 'There is nothing to top up.');
  const note = values?.['note'] ?? '';
  const isShort = values !== undefined && (note.trim().length < 3 || note.trim().length > noteMax);
  const isUnknown = values !== undefined && !scopes.some(({ value }) => value === values['scope']);
  return {
    tone: 'neutral',
    title: 'Top-up note',
    text: 'Say what you do about it, so that nobody does it twice.',
    form: {
      action: 'digest.note:',
      title: 'Top-up note',
      submit: 'Post the note',
      fields: [
        withValue(
          {
            name: 'scope',
            label: 'Balance',
            kind: 'choice',
            options: scopes,
            isRequired: true,
            lengthMax: 60,
          },
          values?.['scope'] ?? first.value,
          isUnknown ? 'Choose one of these.' : undefined,
        ),
        withValue(
          {
            name: 'note',
            label: 'What happens',
            help: 'Like “10,000 wired this morning, there tomorrow”.',
            kind: 'long_text',
            isRequired: true,
            lengthMax: noteMax,
          },
          note,
          isShort ? `Write 3 to ${noteMax} characters.` : undefined,
        ),
      ],
    },
  };
}

/** Every provider with the currencies it was last seen with: a form offers 25 at most. */
function listScopes({ connected, balances, team }: ActionContext) {
  const scopes = connected.flatMap(({ module: { id, name } }) => {
    const lines = balances.findLast(id)?.reading.lines ?? [];
    const currencies = [...new Set(lines.flatMap(({ currency }) => currency ?? []))];
    return currencies.length === 0
      ? [{ value: id, label: name }]
      : currencies.map((currency) => ({
          value: `${id} ${currency}`,
          label: `${name} ${currency}`,
        }));
  });
  const isWatched = (value: string) =>
    team.thresholds.some(({ provider, currency }) => value === `${provider} ${currency}`);
  return scopes
    .sort((a, b) => Number(isWatched(b.value)) - Number(isWatched(a.value)))
    .slice(0, 25);
}

export const alertMuteAction: Action = {
  name: 'alert.mute',
  pace: 'decision',
  roles: ['approver', 'admin'],
  async run({ digests, modules, person, place, reference }, topic) {
    const muted = await digests.watch.mute(topic, person.id, place);
    if (muted === undefined) throw new UserError('There is no such alert any more.');
    const [, provider = '', ...rest] = topic.split(' ');
    const name = modules.find(({ id }) => id === provider)?.name ?? provider;
    const what = topic === topicOfPot([provider, ...rest].join(' ')) ? 'the balance of ' : '';
    const card: Card = {
      tone: 'neutral',
      title: `Muted for a day: ${[name, ...rest].join(' ')}`,
      text: `Nothing is told of ${what}${[name, ...rest].join(' ')} until ${describeInstant(muted.mutedUntilMs ?? 0)}. The digest shows it all the same.`,
      reference,
    };
    return { card, audience: 'asker' };
  },
};
