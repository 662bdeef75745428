// What a store holds that somebody should know of: an audit log that was changed, payouts that nobody
// knows the end of, and freezes.
import type { Finding } from '../bots/types.ts';
import type { Clock } from '../clock.ts';
import { describeDuration } from '../commands/words.ts';
import { StoreError } from '../errors.ts';
import { describeFreeze, type Payout, readOpenWork } from '../payouts/index.ts';
import { type Books, verifyChain } from '../store/index.ts';
import type { AuditEntry } from '../store/types.ts';
import type { Team } from '../team.ts';
import { fine, problem, warning } from './findings.ts';

export interface LedgerDeps {
  readonly clock: Clock;
  readonly team: Team;
  readonly providerNames: ReadonlyMap<string, string>;
  /** Hears how far it has got: a million entries take a while. */
  onProgress?(text: string): void;
}

export async function examineLedger(books: Books, deps: LedgerDeps): Promise<Finding[]> {
  return [await examineChain(books, deps), ...(await examineOpenWork(books, deps))];
}

const tellEvery = 50_000;

async function examineChain(books: Books, deps: LedgerDeps): Promise<Finding> {
  const what = 'Audit log';
  const counted = async function* (): AsyncGenerator<AuditEntry> {
    let count = 0;
    for await (const entry of books.readAudit()) {
      count += 1;
      if (count % tellEvery === 0) deps.onProgress?.(`Audit log: ${format(count)} entries read …`);
      yield entry;
    }
  };
  const verdict = await verifyChain(counted());
  if (verdict.isIntact) {
    const entries = verdict.count === 1 ? 'entry is' : 'entries are';
    return fine(what, `${format(verdict.count)} ${entries} as Purser wrote them.`);
  }
  const why = verdict.reason.replace(/\.$/, '');
  const text = `It cannot be trusted from entry ${verdict.sequence} on: ${why}. Keep it as evidence, find out who could write there, and restore everything from one backup.`;
  return problem(what, text);
}

function format(count: number): string {
  return count.toLocaleString('en-US');
}

/** A provider may need an hour; whoever waits longer should hear of it. */
const unclearMaxMs = 60 * 60_000;

async function examineOpenWork(books: Books, deps: LedgerDeps): Promise<Finding[]> {
  try {
    const { payouts, freezes } = await readOpenWork(books);
    const nameOf = (id: string) => deps.team.people.find((one) => one.id === id)?.name ?? id;
    return [
      examinePayouts(payouts, deps),
      ...freezes.map((one) => {
        const provider = deps.providerNames.get(one.scope) ?? one.scope;
        const text = `${describeFreeze(one, provider, nameOf)}. Two others lift it with /purser unfreeze.`;
        return warning('Freeze', text);
      }),
    ];
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return [problem('Payouts', `${error.message} Start the version of Purser that wrote it.`)];
  }
}

function examinePayouts(payouts: readonly Payout[], { clock }: LedgerDeps): Finding {
  const ageOf = ({ sentAtMs, requestedAtMs }: Payout) => clock.now() - (sentAtMs ?? requestedAtMs);
  const unclear = payouts
    .filter((one) => one.state === 'unknown' && ageOf(one) > unclearMaxMs)
    .sort((a, b) => ageOf(b) - ageOf(a));
  const [oldest] = unclear;
  if (oldest === undefined) {
    const open =
      payouts.length === 0 ? 'None is open.' : `${payouts.length} open, none unclear for long.`;
    return fine('Payouts', open);
  }
  const { id, shown } = oldest;
  const text = `${unclear.length} with an unclear end, ${id} at ${shown.providerName} for ${describeDuration(ageOf(oldest))}: ask the provider whether it was paid, then two people close it from /payout show ${id}.`;
  return warning('Payouts', text);
}
