// What the server answers with, and how it says no.

/** Slack's own code; `ok: false` with HTTP 200. */
export class Refused extends Error {
  readonly code: string;
  readonly extra: object;

  constructor(code: string, extra: object = {}) {
    super(code);
    this.code = code;
    this.extra = extra;
  }
}
