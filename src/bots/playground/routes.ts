// The playground over HTTP: the page, and the few requests that it makes.
import type { Dispatcher } from '../../commands/types.ts';
import type { Log } from '../../log.ts';
import type { FastifyInstance } from '../../serve.ts';
import type { Assets } from './assets.ts';
import { accountOf, type Desk } from './desk.ts';
import { guardRequest } from './guard.ts';
import { limits } from './limits.ts';
import type { ErrorAnswer, PersonView, PressAnswer, SuggestionView, TeamView } from './protocol.ts';
import {
  parseAsQuery,
  parseCompleteQuery,
  parseLineRequest,
  parsePressRequest,
  parseStreamQuery,
  Refusal,
} from './request.ts';
import type { Streams } from './streams.ts';

export interface RouteDeps {
  readonly team: TeamView;
  readonly assets: Assets;
  readonly desk: Desk;
  readonly streams: Streams;
  readonly dispatcher: Dispatcher;
  readonly log: Log;
  newReference(): string;
}

export function addRoutes(server: FastifyInstance, deps: RouteDeps): void {
  server.addHook('onRequest', async (request, reply) => {
    for (const [name, value] of headersFor(deps.assets)) reply.raw.setHeader(name, value);
    guardRequest(request);
  });
  server.setNotFoundHandler(() => {
    throw new Refusal(404, 'There is nothing at this address.');
  });
  server.setErrorHandler(async (error, _request, reply) => {
    const { status, sentence } = explain(error, deps);
    const answer: ErrorAnswer = { error: sentence };
    return await reply.code(status).send(answer);
  });
  addPageRoutes(server, deps.assets);
  addApiRoutes(server, deps);
}

function addPageRoutes(server: FastifyInstance, { page, files }: Assets): void {
  server.get('/', (_request, reply) => reply.type(page.type).send(page.content));
  server.get('/assets/*', (request, reply) => {
    const asset = files.get(request.url.slice('/assets/'.length));
    if (asset === undefined) throw new Refusal(404, 'There is no such file.');
    return reply.type(asset.type).send(asset.content);
  });
}

function addApiRoutes(server: FastifyInstance, deps: RouteDeps): void {
  const { team, desk, streams, dispatcher } = deps;
  const personOf = (id: string): PersonView => {
    const person = team.people.find((one) => one.id === id);
    if (person === undefined) throw new Refusal(404, 'This person is not in the team file.');
    return person;
  };

  server.get('/api/team', () => team);
  server.get('/api/complete', async (request): Promise<readonly SuggestionView[]> => {
    const { as, line } = parseCompleteQuery(request.query);
    return await dispatcher.complete({ account: accountOf(personOf(as)), line });
  });
  server.get('/api/waiting', async (request): Promise<readonly SuggestionView[]> => {
    return await dispatcher.listWaiting(accountOf(personOf(parseAsQuery(request.query))));
  });
  server.get<{ Params: { id: string } }>('/api/files/:id', (request, reply) => {
    const file = desk.getFile(personOf(parseAsQuery(request.query)), request.params.id);
    return reply
      .type(file.contentType)
      .header('content-disposition', dispositionOf(file.name))
      .send(typeof file.content === 'string' ? file.content : Buffer.from(file.content));
  });
  // Without a HEAD twin, which would keep a stream open that nobody reads.
  server.get('/api/events', { exposeHeadRoute: false }, (request, reply) => {
    const { as, after } = parseStreamQuery(request.query);
    const lastEventId = request.headers['last-event-id'];
    streams.open(reply.raw, personOf(as).id, lastEventId?.toString() ?? after);
    reply.hijack();
  });
  server.post('/api/lines', (request, reply) => {
    const { as, channel, text } = parseLineRequest(request.body);
    const person = personOf(as);
    if (!team.channels.includes(channel)) throw new Refusal(404, 'There is no such channel.');
    desk.say(person, channel, text);
    return reply.code(204).send();
  });
  server.post('/api/presses', async (request): Promise<PressAnswer> => {
    const press = parsePressRequest(request.body);
    return { message: await desk.press(personOf(press.as), press) };
  });
}

/** Both names of RFC 6266, section 4.3: one for any program, one with every letter. */
function dispositionOf(name: string): string {
  const plain = name.replaceAll(/[^\w .-]/g, '_');
  const whole = encodeURIComponent(name).replaceAll(/['()*]/g, (one) => `%${hex(one)}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${whole}`;
}

function hex(letter: string): string {
  return letter.charCodeAt(0).toString(16).toUpperCase();
}

function headersFor({ contentSecurityPolicy }: Assets): [string, string][] {
  return [
    ['content-security-policy', contentSecurityPolicy],
    ['x-content-type-options', 'nosniff'],
    ['referrer-policy', 'no-referrer'],
    ['cross-origin-opener-policy', 'same-origin'],
    ['cross-origin-resource-policy', 'same-origin'],
    ['cache-control', 'no-store'],
  ];
}

function explain(error: unknown, deps: RouteDeps): { status: number; sentence: string } {
  if (error instanceof Refusal) return { status: error.status, sentence: error.message };
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  if (status === 413) {
    const most = limits.textLengthMax.toLocaleString('en');
    return { status, sentence: `This is too long; a message can have ${most} characters.` };
  }
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return { status, sentence: 'This request cannot be read.' };
  }
  const reference = deps.newReference();
  deps.log.error({ reference, err: error }, 'playground request failed: a mistake in Purser');
  return { status: 500, sentence: `This is a mistake in Purser; its log has ${reference}.` };
}
