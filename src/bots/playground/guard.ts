// Keeps other web pages out. The playground knows nobody and any page in the same browser can send
// requests to loopback, so: a Host that is loopback (against DNS rebinding), an Origin that is our
// own for whatever changes something, and no request that the browser says comes from elsewhere.
// Fetch metadata: https://www.w3.org/TR/fetch-metadata/ read 2026-11-20.
import type { FastifyRequest } from '../../serve.ts';
import { Refusal } from './request.ts';

const hostNames = ['127.0.0.1', 'localhost'];

/** Throws `Refusal` with 403, or 415 for a body that a plain HTML form could have sent. */
export function guardRequest(request: FastifyRequest): void {
  const { headers, method } = request;
  const port = request.raw.socket.localPort;
  const hosts = hostNames.flatMap((name) => [`${name}:${port}`, ...(port === 80 ? [name] : [])]);
  const host = headers.host?.toLowerCase();
  if (host === undefined || !hosts.includes(host)) {
    throw new Refusal(403, `The playground answers at http://127.0.0.1:${port} only.`);
  }
  const isReading = method === 'GET' || method === 'HEAD';
  if (!isReading && headers.origin !== `http://${host}`) {
    throw new Refusal(403, 'Only the page of the playground itself may do this.');
  }
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !isVisit(request)) {
    throw new Refusal(403, 'Other pages may not use the playground.');
  }
  if (!isReading && headers['content-type'] !== 'application/json') {
    throw new Refusal(415, 'Send JSON.');
  }
}

/** Somebody follows a link to the page from elsewhere: it opens, and nothing else is given away. */
function isVisit({ method, url, headers }: FastifyRequest): boolean {
  const path = url.split('?', 1)[0];
  return method === 'GET' && path === '/' && headers['sec-fetch-mode'] === 'navigate';
}
