// The page's requests. A failed one rejects with a sentence that can be shown as it is.
import type {
  ErrorAnswer,
  LineRequest,
  PressAnswer,
  PressRequest,
  SuggestionView,
  TeamView,
} from '../protocol.ts';

export async function getTeam(): Promise<TeamView> {
  return await getJson<TeamView>('/api/team', {});
}

export async function completeLine(
  as: string,
  line: string,
  signal: AbortSignal,
): Promise<readonly SuggestionView[]> {
  const query = new URLSearchParams({ as, line });
  return await getJson<readonly SuggestionView[]>(`/api/complete?${query}`, { signal });
}

export async function listWaiting(as: string): Promise<readonly SuggestionView[]> {
  return await getJson<readonly SuggestionView[]>(
    `/api/waiting?${new URLSearchParams({ as })}`,
    {},
  );
}

export async function sendLine(request: LineRequest): Promise<void> {
  await post('/api/lines', request);
}

export async function pressButton(request: PressRequest): Promise<PressAnswer> {
  const response = await post('/api/presses', request);
  return (await response.json()) as PressAnswer;
}

async function getJson<T>(path: string, init: RequestInit): Promise<T> {
  const response = await ask(path, init);
  return (await response.json()) as T;
}

async function post(path: string, body: object): Promise<Response> {
  return await ask(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function ask(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new Error('Purser does not answer. Is it still running?', { cause });
  }
  if (response.ok) return response;
  const answer = (await response.json().catch(() => ({}))) as Partial<ErrorAnswer>;
  throw new Error(answer.error ?? `Purser answered ${response.status}. Try again.`);
}
