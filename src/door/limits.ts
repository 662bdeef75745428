// What the front door takes, in one place.

export const limits = {
  /** No documented notification comes near this; neither does anything that Slack sends. */
  bodyBytesMax: 256 * 1024,
  /** A whole request, its body included, on the wire. Slack itself waits for 3 s. */
  requestTimeoutMs: 10_000,
  headersTimeoutMs: 5_000,
  connectionsMax: 512,
  /** Each may wait for its provider to answer; more are to come again. */
  notificationsAtOnce: 128,
  /** Slack gives a hundred people’s clicks at once, and each is acknowledged within moments. */
  inboxAtOnce: 256,
  /**
   * Notifications that nobody signed, of one source to one provider. Those that are signed are never
   * counted: a provider that reports a thousand payouts at once is heard.
   */
  refusals: { burst: 60, everyMs: 1_000 },
  sourcesMax: 1_000,
} as const;
