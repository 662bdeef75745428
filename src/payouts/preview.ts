// What a request would be, before anybody posts it: every check of it, and all that the requester is
// shown. Nothing is stored here.
import { UserError } from '../errors.ts';
import { type Money, parseTypedAmount, rescale, toDecimalText } from '../money.ts';
import { findNearest } from '../nearest.ts';
import type { PayoutRoute } from '../providers/payouts.ts';
import { maskNumbers } from '../providers/types.ts';
import type { Team } from '../team.ts';
import type { Checks, Funds, Payer } from './checks.ts';
import { amountOf, referenceFor } from './content.ts';
import { toProviderNote } from './executor.ts';
import { findDuplicates } from './limits.ts';
import { maskFields, type Payee, type Payees } from './payees.ts';
import { findRequirement } from './policy.ts';
import type { Payout, PayoutContent, Requirement, Shown } from './types.ts';

export interface PayoutRequest {
  readonly provider: string;
  /** As typed. */
  readonly amount: string;
  readonly currency: string;
  readonly payee: string;
  readonly note: string;
}

/** Everything that the requester sees before the request is posted. */
export interface Preview {
  readonly id: string;
  readonly content: PayoutContent;
  readonly amount: Money;
  readonly payee: Payee;
  readonly route: PayoutRoute;
  readonly requirement: Requirement;
  readonly duplicates: readonly Payout[];
  readonly funds: Funds;
  readonly shown: Shown;
}

/** What is wrong with one value of a request; a form shows it beside that field. */
export class RequestError extends UserError {
  override readonly name = 'RequestError';
  readonly field: keyof PayoutRequest;

  constructor(field: keyof PayoutRequest, message: string) {
    super(message);
    this.field = field;
  }
}

export interface PreviewComposer {
  /** Throws `UserError` with what is wrong and what to do; `ProviderError` from a format check. */
  compose(id: string, request: PayoutRequest, person: string): Promise<Preview>;
  /**
   * What other requests have changed since: the duplicates, and with them who must agree. Asks no
   * provider. Throws `UserError` where the limits are exceeded now.
   */
  recheck(preview: Preview, person: string): Promise<Preview>;
}

export interface PreviewDeps {
  readonly team: Team;
  readonly payers: ReadonlyMap<string, Payer>;
  readonly payees: Payees;
  readonly checks: Checks;
  readonly clock: { now(): number };
  /** Begins every merchant reference; at most 4 letters. */
  readonly referencePrefix: string;
}

const noteLengthMax = 140;

export function createPreviewComposer(deps: PreviewDeps): PreviewComposer {
  const { team, payers, payees, checks, clock } = deps;

  async function composePreview(
    id: string,
    request: PayoutRequest,
    person: string,
  ): Promise<Preview> {
    const payer = findPayer(request.provider);
    const payee = await findPayee(request.payee, payer);
    const active = payee.active;
    if (active === undefined) {
      throw new RequestError(
        'payee',
        `${payee.id} waits for a second person’s approval before it can be paid.`,
      );
    }
    const route = payer.payouts.routes.find((one) => one.id === active.route);
    if (route === undefined || !route.currencies.includes(request.currency)) {
      throw new RequestError(
        'currency',
        route === undefined
          ? `${payer.name} no longer pays by ${active.route}. Change ${payee.id} with /payee change.`
          : `${payee.id} can be paid in ${route.currencies.join(' or ')} only (${payer.name}, ${route.label}).`,
      );
    }
    const amount = readAmount(request, payer);
    const note = readNote(request.note);
    const content: PayoutContent = {
      provider: payer.id,
      route: route.id,
      account: await payer.payouts.accountFor(route.id, request.currency),
      amount: toDecimalText(amount),
      currency: request.currency,
      payee: { id: payee.id, version: active.version },
      reference: referenceFor(id, deps.referencePrefix),
      note,
    };
    const freeze = await checks.findFreeze(payer.id);
    if (freeze !== undefined) throw new UserError(freeze);
    const exceeded = await checks.findExceeded(content, person, undefined);
    if (exceeded.length > 0) throw new UserError(exceeded.join(' '));
    const duplicates = await listDuplicates(content, payee, route);
    const requirement = decideRequirement(content, person, duplicates);
    const funds = await checks.checkFunds(content, undefined);
    if (!funds.ok) throw new UserError(funds.why);
    await payer.payouts.validate?.({
      reference: content.reference,
      amount,
      route: route.id,
      payeeName: active.name,
      fields: active.fields,
      note: toProviderNote(note),
      requestedOn: new Date(clock.now()).toISOString().slice(0, 10),
    });
    const shown: Shown = {
      providerName: payer.name,
      payeeName: active.name,
      routeLabel: route.label,
      payeeFields: maskFields(route, active.fields),
      available: toDecimalText(funds.funds.available),
      after: toDecimalText(funds.funds.after),
    };
    return {
      id,
      content,
      amount,
      payee,
      route,
      requirement,
      duplicates,
      funds: funds.funds,
      shown,
    };
  }

  async function listDuplicates(
    content: PayoutContent,
    payee: Payee,
    route: PayoutRoute,
  ): Promise<Payout[]> {
    const recent = await checks.listRecent();
    const same = await listSameAccount(payee, route);
    const payeeIds = [payee.id, ...same];
    return findDuplicates({ amount: amountOf(content), payeeIds, nowMs: clock.now() }, recent);
  }

  async function recheck(preview: Preview, person: string): Promise<Preview> {
    const { content, payee, route } = preview;
    const exceeded = await checks.findExceeded(content, person, undefined);
    if (exceeded.length > 0) throw new UserError(exceeded.join(' '));
    const duplicates = await listDuplicates(content, payee, route);
    const requirement = decideRequirement(content, person, duplicates);
    return { ...preview, duplicates, requirement };
  }

  function decideRequirement(
    content: PayoutContent,
    requester: string,
    duplicates: readonly Payout[],
  ): Requirement {
    const policy = findRequirement(team, {
      provider: content.provider,
      providerName: findPayer(content.provider).name,
      amount: amountOf(content),
      requester,
      isPossibleDuplicate: duplicates.length > 0,
    });
    if (!policy.ok) throw new UserError(policy.why);
    return policy.requirement;
  }

  /** The same money to the same account under another name is as doubtful. */
  async function listSameAccount({ id, active }: Payee, route: PayoutRoute): Promise<string[]> {
    if (active === undefined) return [];
    const { name, provider, fields } = active;
    const same = await payees.findSameAccount({ id, name, provider, route, fields });
    return same.map((payee) => payee.id);
  }

  function findPayer(id: string): Payer {
    const payer = payers.get(id);
    if (payer !== undefined) return payer;
    const names = [...payers.values()].map(({ name }) => name);
    throw new RequestError(
      'provider',
      `${id} cannot pay here. Providers that can: ${names.join(', ')}.`,
    );
  }

  async function findPayee(id: string, payer: Payer): Promise<Payee> {
    const payee = await payees.find(id.toLowerCase());
    if (payee === undefined || payee.isRemoved) {
      const known = (await payees.list()).map((one) => one.id);
      const nearest = findNearest(id, known);
      throw new RequestError(
        'payee',
        `There is no payee “${maskNumbers(id).slice(0, 40)}”. ${
          nearest === undefined ? 'Save one with /payee add.' : `Did you mean ${nearest}?`
        }`,
      );
    }
    const provider = (payee.active ?? payee.proposed)?.provider;
    if (provider !== payer.id) {
      const name = payers.get(provider ?? '')?.name ?? provider;
      throw new RequestError('payee', `${payee.id} is a payee at ${name}, not at ${payer.name}.`);
    }
    return payee;
  }

  function readAmount(request: PayoutRequest, payer: Payer): Money {
    const decimals = payer.payouts.decimalsOf(request.currency);
    if (decimals === undefined) {
      throw new RequestError(
        'currency',
        `${payer.name} cannot pay in ${request.currency} here: its accounts or their unit are not configured for it.`,
      );
    }
    try {
      const typed = parseTypedAmount(request.amount, request.currency);
      if (typed.units <= 0n) throw new UserError('The amount must be more than zero.');
      return rescale(typed, decimals);
    } catch (error) {
      throw error instanceof UserError ? new RequestError('amount', error.message) : error;
    }
  }

  return { compose: composePreview, recheck };
}

function readNote(text: string): string {
  const note = text.trim();
  if (note.length > noteLengthMax) {
    throw new RequestError(
      'note',
      `The note has ${note.length} characters; at most ${noteLengthMax} are kept.`,
    );
  }
  return note;
}
