// How the sandbox writes its answers: form text with a newline after each value and HTTP 200, or JSON
// for whoever accepts it, where a refusal is a 4xx; and the web pages of refused access.
// https://doc.payneteasy.com/integration/API_commands/api_v4_payout.html (read 2026-11)
import type { SandboxAnswer, SandboxRequest } from '../sandbox.ts';

/** The documented header of command replies; the balance page documents none. */
export const textHtml = { 'content-type': 'text/html;charset=utf-8' };

const jsonType = 'application/vnd.pay+json';

export type Fields = readonly (readonly [name: string, value: string])[];

export function formAnswer(fields: Fields): SandboxAnswer {
  const body = fields.map(([name, value]) => `${name}=${encodeForm(value)}\n`).join('&');
  return { status: 200, headers: textHtml, body };
}

/** As form text, or as JSON when it was asked for. */
export function answerAsAsked(request: SandboxRequest, fields: Fields): SandboxAnswer {
  if (request.headers['accept'] !== jsonType) return formAnswer(fields);
  const isRefusal = fields.some(([name, value]) => name === 'type' && /error$/.test(value));
  return {
    status: isRefusal ? 400 : 200,
    headers: { 'content-type': jsonType },
    body: JSON.stringify(Object.fromEntries(fields)),
  };
}

/** The gateway gives no reason; the header is this sandbox's own, for whoever writes a client. */
export function denyWithPage(reason: string): SandboxAnswer {
  return {
    status: 200,
    headers: { ...textHtml, 'x-sandbox-reason': reason },
    body: page('Access is denied'),
  };
}

export function page(text: string): string {
  return `<html> <head> <title>Error</title> </head> <body> <p>${text}</p> </body> </html>`;
}

export function plain(status: number, body: string): SandboxAnswer {
  return { status, headers: { 'content-type': 'text/plain' }, body };
}

function encodeForm(value: string): string {
  return new URLSearchParams([['', value]]).toString().slice(1);
}
