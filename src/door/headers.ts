// Who a request comes from, as far as headers tell.
import type { IncomingHttpHeaders } from 'node:http';

/** Through a reverse proxy, so probably from outside. */
export function isProxied(headers: IncomingHttpHeaders): boolean {
  return ['x-forwarded-for', 'forwarded', 'x-real-ip'].some((name) => headers[name] !== undefined);
}

/**
 * The neighbour and, behind a proxy, whom the proxy names last: what comes before that is only what
 * the caller says of itself.
 */
export function sourceOf(address: string | undefined, headers: IncomingHttpHeaders): string {
  const forwarded = headers['x-forwarded-for'];
  const last = (Array.isArray(forwarded) ? forwarded.join(',') : (forwarded ?? ''))
    .split(',')
    .at(-1)
    ?.trim();
  // It stands in the log, and whoever called wrote it.
  const named = (last ?? '').slice(0, 64).replace(/[^\w.:[\]-]/g, '?');
  return `${address ?? 'unknown'} ${named}`.trim();
}
