// Discord's refusals: an HTTP status, its own number and a message.
// https://discord.com/developers/docs/topics/opcodes-and-status-codes#json, read 2026-11-26.

export class Refused extends Error {
  readonly status: number;
  readonly code: number;
  readonly details: unknown;

  constructor(status: number, code: number, message: string, details?: unknown) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }

  toBody(): object {
    const errors = this.details === undefined ? {} : { errors: this.details };
    return { message: this.message, code: this.code, ...errors };
  }
}

export const refusals = {
  unauthorized: () => new Refused(401, 0, '401: Unauthorized'),
  unknownRoute: () => new Refused(404, 0, '404: Not Found'),
  unknownChannel: () => new Refused(404, 10003, 'Unknown Channel'),
  unknownGuild: () => new Refused(404, 10004, 'Unknown Guild'),
  unknownMember: () => new Refused(404, 10007, 'Unknown Member'),
  unknownMessage: () => new Refused(404, 10008, 'Unknown Message'),
  unknownUser: () => new Refused(404, 10013, 'Unknown User'),
  unknownWebhook: () => new Refused(404, 10015, 'Unknown Webhook'),
  unknownInteraction: () => new Refused(404, 10062, 'Unknown interaction'),
  acknowledged: () => new Refused(400, 40060, 'Interaction has already been acknowledged.'),
  missingAccess: () => new Refused(403, 50001, 'Missing Access'),
  notAuthor: () => new Refused(403, 50005, 'Cannot edit a message authored by another user'),
  empty: () => new Refused(400, 50006, 'Cannot send an empty message'),
  closedMessages: () => new Refused(403, 50007, 'Cannot send messages to this user'),
  missingPermissions: () => new Refused(403, 50013, 'Missing Permissions'),
  expiredToken: () => new Refused(401, 50027, 'Invalid Webhook Token'),
  invalidForm: (problems: readonly string[]) =>
    new Refused(400, 50035, 'Invalid Form Body', {
      _errors: problems.map((message) => ({ message })),
    }),
  threadExists: () =>
    new Refused(400, 160004, 'A thread has already been created for this message'),
} as const;
