// A card as a digest is one: a picture, links in its table, people who are called, a mark.
import type { Card, Picture } from '../../src/commands/card.ts';

/** One pixel. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

export const picture: Picture = {
  name: 'balances-2026-11-26.png',
  png,
  width: 1440,
  height: 1440,
  alt: 'Available balance, 28 Oct to 26 Nov. USD: from 1.00 USD to 2.00 USD.',
  chart: { title: 'Available balance', categories: ['26 Nov'], series: [] },
};

export function digestCard(more: Partial<Card> = {}): Card {
  return {
    tone: 'good',
    title: 'Morning digest',
    text: 'All is well.',
    table: {
      caption: 'What waits',
      columns: [
        { label: 'Payout', align: 'start', isHeadline: true },
        { label: 'Amount', align: 'end' },
      ],
      groups: [
        {
          rows: [
            [{ text: 'P1', link: 'https://example.com/p1?a=1&b=2' }, { text: '125.50 USD' }],
            [{ text: 'P2', link: 'javascript:document.title=1' }, { text: '1.00 USD' }],
            [{ text: 'P3', link: 'http://example.com/p3' }, { text: '2.00 USD' }],
          ],
        },
      ],
    },
    picture,
    notes: ['Amounts of different currencies are never added.'],
    mentions: ['ben'],
    mark: 'digest morning 2026-11-26',
    ...more,
  };
}
