// Saved payees. Each version of one is decided by a second person before money can go there, and a
// payout is bound to the version that was approved with it.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import type { PayeeField, PayoutRoute } from '../providers/payouts.ts';
import { maskAccount } from '../providers/types.ts';
import { createRecords } from '../store/index.ts';
import type { Store } from '../store/types.ts';
import { type Place, placeSchema } from './types.ts';

const detailsSchema = z.object({
  version: z.int(),
  name: z.string(),
  provider: z.string(),
  route: z.string(),
  fields: z.record(z.string(), z.string()),
  by: z.string(),
  atMs: z.number(),
  place: placeSchema,
  /** Others whose words are still in it, because nobody has decided in between. */
  alsoBy: z.array(z.string()).optional(),
  /** Who agreed, once somebody did. */
  approvedBy: z.string().optional(),
});
export type PayeeDetails = z.infer<typeof detailsSchema>;

const payeeSchema = z.object({
  /** What people type: `maria`. */
  id: z.string(),
  /** What payouts use; absent until a first version was approved. */
  active: detailsSchema.optional(),
  /** What waits for a second person. */
  proposed: detailsSchema.optional(),
  isRemoved: z.boolean(),
  /** The highest version ever given out. */
  versions: z.int(),
});
export type Payee = z.infer<typeof payeeSchema>;

export interface PayeeInput {
  readonly id: string;
  readonly name: string;
  readonly provider: string;
  readonly route: PayoutRoute;
  readonly fields: Readonly<Record<string, string>>;
}

export type PayeeRefusal =
  | 'own_request'
  | 'nothing_waits'
  | 'content_changed'
  | 'already_there'
  | 'not_there';

export type PayeeAnswer =
  | { readonly ok: true; readonly payee: Payee }
  | { readonly ok: false; readonly refusal: PayeeRefusal };

export interface Payees {
  find(id: string): Promise<Payee | undefined>;
  list(): Promise<Payee[]>;
  /** Other payees with the same account at any provider. */
  findSameAccount(input: PayeeInput): Promise<Payee[]>;
  /** Throws `UserError` naming every field that is wrong. */
  propose(input: PayeeInput, isNew: boolean, person: string, place: Place): Promise<PayeeAnswer>;
  decide(
    id: string,
    version: number,
    isApproved: boolean,
    person: string,
    place: Place,
  ): Promise<PayeeAnswer>;
  remove(id: string, person: string, place: Place): Promise<PayeeAnswer>;
  /** Called after every durable change. */
  subscribe(listener: PayeeListener): void;
}

/** What was done, as it stands in the audit log. */
export interface PayeeStep {
  readonly event: 'payee.proposed' | 'payee.approved' | 'payee.rejected' | 'payee.removed';
  readonly person: string;
}
export type PayeeListener = (payee: Payee, step: PayeeStep) => void;

export function createPayees(store: Store, clock: { now(): number }): Payees {
  const records = createRecords(store, {
    kind: 'payee',
    schema: payeeSchema,
    idOf: ({ id }) => id,
    isOpen: ({ isRemoved }) => !isRemoved,
  });
  const listeners: PayeeListener[] = [];
  const change = async (
    id: string,
    decide: (payee: Payee | undefined) => PayeeRefusal | Payee,
    audit: PayeeStep & Readonly<Record<string, unknown>>,
  ): Promise<PayeeAnswer> => {
    let refusal: PayeeRefusal = 'not_there';
    const changed = await records.change(id, (payee) => {
      const next = decide(payee);
      if (typeof next === 'string') {
        refusal = next;
        return undefined;
      }
      return { next, audit };
    });
    if (changed === undefined) return { ok: false, refusal };
    for (const listener of listeners) listener(changed.after, audit);
    return { ok: true, payee: changed.after };
  };

  return {
    subscribe: (listener) => {
      listeners.push(listener);
    },
    find: async (id) => (await records.find(id))?.value,
    list: () => records.listOpen(),
    async findSameAccount(input) {
      const wanted = accountKeys(input.route.fields, input.fields);
      const open = await records.listOpen();
      return open.filter(
        (payee) =>
          payee.id !== input.id &&
          [payee.active, payee.proposed].some((details) =>
            Object.values(details?.fields ?? {}).some((value) => wanted.has(normalise(value))),
          ),
      );
    },
    async propose(input, isNew, person, place) {
      checkPayee(input);
      const { id, name, provider } = input;
      const proposal = { name, provider, route: input.route.id, fields: { ...input.fields } };
      const hash = hashOf(proposal);
      const audit = { event: 'payee.proposed', payee: id, person, place, hash } as const;
      return change(
        id,
        (old) => {
          const isThere = old !== undefined && !old.isRemoved;
          if (isNew && isThere) return 'already_there';
          if (!isNew && !isThere) return 'not_there';
          const version = (old?.versions ?? 0) + 1;
          const details = {
            ...proposal,
            version,
            by: person,
            atMs: clock.now(),
            place,
            ...(isThere && old.proposed !== undefined ? { alsoBy: authorsOf(old.proposed) } : {}),
          };
          const active = isThere ? old.active : undefined;
          return {
            id,
            ...(active === undefined ? {} : { active }),
            proposed: details,
            isRemoved: false,
            versions: version,
          };
        },
        audit,
      );
    },
    decide: (id, version, isApproved, person, place) =>
      change(
        id,
        (old) => {
          if (old === undefined || old.isRemoved) return 'not_there';
          const { proposed, ...rest } = old;
          if (proposed === undefined) return 'nothing_waits';
          if (authorsOf(proposed).includes(person)) return 'own_request';
          if (proposed.version !== version) return 'content_changed';
          if (isApproved) return { ...rest, active: { ...proposed, approvedBy: person } };
          return rest.active === undefined ? { ...rest, isRemoved: true } : rest;
        },
        {
          event: isApproved ? 'payee.approved' : 'payee.rejected',
          payee: id,
          version,
          person,
          place,
        },
      ),
    remove: (id, person, place) =>
      change(
        id,
        (old) => {
          if (old === undefined || old.isRemoved) return 'not_there';
          const { proposed: _proposed, ...rest } = old;
          return { ...rest, isRemoved: true };
        },
        { event: 'payee.removed', payee: id, person, place },
      ),
  };
}

/** Nobody of these agrees to it. */
export function authorsOf({ by, alsoBy = [] }: PayeeDetails): string[] {
  return [...new Set([by, ...alsoBy])];
}

/** Account numbers first, and as their last four; everything else as it is. */
export function maskFields(
  route: PayoutRoute,
  fields: Readonly<Record<string, string>>,
): { label: string; value: string }[] {
  return listNumbersFirst(route).flatMap(({ name, label, isAccountNumber }) => {
    const value = fields[name];
    if (value === undefined || value === '') return [];
    return [{ label, value: isAccountNumber ? maskAccount(value) : value }];
  });
}

/** What must be checked at a glance comes before what goes with it. */
export function listNumbersFirst({ fields }: PayoutRoute): PayeeField[] {
  const isNumber = ({ isAccountNumber }: PayeeField) => isAccountNumber === true;
  return [...fields.filter(isNumber), ...fields.filter((one) => !isNumber(one))];
}

/** What is wrong, by the name of the field; `id` and `name` are the payee's own. */
export interface PayeeProblem {
  readonly field: string;
  readonly text: string;
}

export function findPayeeProblems(input: PayeeInput): PayeeProblem[] {
  const problems: PayeeProblem[] = [];
  if (!/^[a-z][a-z0-9_-]{1,31}$/.test(input.id)) {
    const text = 'The short name has 2 to 32 lower-case letters, digits, - or _, like maria.';
    problems.push({ field: 'id', text });
  }
  const { name } = input;
  if (name.trim().length < 2 || name.length > 100 || /[\p{C}\p{Zl}\p{Zp}]/u.test(name)) {
    problems.push({ field: 'name', text: 'The name has 2 to 100 visible characters.' });
  }
  for (const field of input.route.fields) {
    const text = explainField(field, input.fields[field.name] ?? '');
    if (text !== undefined) problems.push({ field: field.name, text });
  }
  const known = new Set(input.route.fields.map((one) => one.name));
  for (const field of Object.keys(input.fields)) {
    if (known.has(field)) continue;
    const text = `${input.route.label} has no field ${field.slice(0, 40)}.`;
    problems.push({ field, text });
  }
  return problems;
}

/** Throws `UserError` with one sentence for each field that is wrong. */
function checkPayee(input: PayeeInput): void {
  const problems = findPayeeProblems(input);
  if (problems.length > 0) throw new UserError(problems.map(({ text }) => text).join(' '));
}

function explainField(field: PayeeField, value: string): string | undefined {
  if (value === '')
    return field.isRequired ? `${field.label} is missing. ${field.help}` : undefined;
  const isAllowed = field.options?.includes(value) ?? true;
  const isShort = value.length <= field.lengthMax;
  if (isAllowed && isShort && new RegExp(field.pattern, 'u').test(value)) return undefined;
  return `${field.label} is not right. ${field.help}`;
}

function accountKeys(
  declared: readonly PayeeField[],
  fields: Readonly<Record<string, string>>,
): Set<string> {
  return new Set(
    declared
      .filter(({ isAccountNumber }) => isAccountNumber)
      .map(({ name }) => normalise(fields[name] ?? ''))
      .filter((value) => value !== ''),
  );
}

function normalise(value: string): string {
  return value.replace(/[\s.-]/g, '').toUpperCase();
}

/** The audit log proves which details were agreed on without showing them. */
function hashOf(value: object): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
