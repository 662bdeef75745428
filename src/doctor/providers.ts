// Whether each provider takes its keys, answers, and can be paid with.
import { createBalanceDesk } from '../balances.ts';
import type { Finding } from '../bots/types.ts';
import type { Clock } from '../clock.ts';
import type { ConnectedProvider } from '../commands/types.ts';
import type { ProviderError } from '../errors.ts';
import { fine, problem, unchecked, warning } from './findings.ts';

export async function examineProviders(
  connected: readonly ConnectedProvider[],
  { clock, isClockOff }: { readonly clock: Clock; readonly isClockOff: boolean },
): Promise<Finding[]> {
  const desk = createBalanceDesk(
    connected.map(({ provider }) => provider),
    { clock },
  );
  const results = await desk.read(connected.map(({ module }) => module.id));
  return connected.map((one): Finding => {
    const what = one.module.name;
    const result = results.find(({ provider }) => provider === one.module.id);
    if (result === undefined) return problem(what, 'It was not asked.');
    if (!result.ok) {
      // A time that is off is refused as a wrong signature is, or in words that nobody documents.
      if (isClockOff && ['auth_failed', 'rejected'].includes(result.error.code)) {
        return unchecked(what, 'it refuses signed requests while the clock is off');
      }
      return problem(what, explain(result.error));
    }
    const { lines, failures } = result.now.reading;
    const [failure] = failures;
    if (failure !== undefined) {
      const text = `${failures.length} of its accounts failed; ${failure.account}: ${explain(failure.error)}`;
      return warning(what, text);
    }
    const count = `${lines.length} ${lines.length === 1 ? 'account' : 'accounts'}`;
    const took = `${Math.round(result.tookMs)} ms`;
    return fine(what, `${placeOf(one)} answers in ${took} with ${count}; ${describePayouts(one)}.`);
  });
}

function explain({ message, remedy }: ProviderError): string {
  return remedy === undefined ? message : `${message} ${remedy}`;
}

function placeOf({ host, isSandbox }: ConnectedProvider): string {
  return isSandbox ? `its sandbox at ${host}` : host;
}

function describePayouts({ module, provider }: ConnectedProvider): string {
  if (provider.payouts !== undefined) return 'it can pay';
  return `it cannot pay out: ${module.payoutsNeed ?? 'it is not set up for that'}`;
}
