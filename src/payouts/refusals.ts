// What a refused click says to the person who made it.
import type { Refusal } from './lifecycle.ts';
import type { Payout, PayoutState } from './types.ts';

/** Why a step was refused, in words for the person who tried it. */
export function explainRefusal(
  refusal: Refusal,
  payout: Payout,
  nameOf: (person: string) => string,
): string {
  const who = payout.requirement.from.map(nameOf).join(', ');
  switch (refusal) {
    case 'own_request':
      return `It is your own request; another person decides: ${who}.`;
    case 'not_an_approver':
      return `You cannot decide on this payout. ${who} can (${payout.requirement.why}).`;
    case 'not_the_requester':
      return `Only ${nameOf(payout.requestedBy)}, who asked for it, can cancel it. Approvers can reject it.`;
    case 'already_done':
      return 'That was done already; nothing happens twice.';
    case 'content_changed':
      return 'The payout has changed since this card was posted. Look at the newest card and decide there.';
    case 'expired':
      return `It expired before enough people agreed. ${nameOf(payout.requestedBy)} can ask again.`;
    case 'needs_another_person':
      return 'You have said so already; a second person must say the same.';
    case 'was_taken':
      return `${payout.shown.providerName} has taken it, so it cannot be that it was never sent.`;
    case 'wrong_state':
      return tooLate[payout.state];
  }
}

/** In the words of the cards. */
const tooLate: Readonly<Record<PayoutState, string>> = {
  requested: 'It is still waiting for approval.',
  approved: 'It is approved already.',
  sending: 'It is being sent already.',
  submitted: 'It is with the provider already.',
  unknown: 'It was sent already; its outcome is unknown.',
  paid: 'It is paid already.',
  returned: 'It was paid already, and came back.',
  failed: 'It has failed already.',
  not_sent: 'It is closed already: it was not sent.',
  rejected: 'It is rejected already.',
  cancelled: 'It is cancelled already.',
  expired: 'It has expired already.',
};
