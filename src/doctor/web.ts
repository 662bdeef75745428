// The doctor’s own way out: it asks a server whether it is there and what time it has, and nothing else.

const askMaxMs = 5000;
/** Enough to know a page by. */
const bodyLengthMax = 2000;

export interface Heard {
  readonly status: number;
  /** Of its clock, in whole seconds; NaN where it gives none. */
  readonly dateMs: number;
  readonly body: string;
}

/** Undefined where nothing answers within a few seconds. */
export async function ask(url: string, method: 'GET' | 'HEAD'): Promise<Heard | undefined> {
  try {
    const signal = AbortSignal.timeout(askMaxMs);
    const answer = await fetch(url, { method, redirect: 'manual', signal });
    const body = method === 'HEAD' ? '' : (await answer.text()).slice(0, bodyLengthMax);
    const dateMs = Date.parse(answer.headers.get('date') ?? '');
    return { status: answer.status, dateMs, body };
  } catch {
    return undefined;
  }
}
