// How digests and alerts say figures, dates and levels. One place, so that both say the same.
import type { Change, Level, PotReport, WeekChange } from '../digests/index.ts';
import { formatAmount, type Money } from '../money.ts';
import type { Tone } from './card.ts';

export const levelWords: Readonly<Record<Level, string>> = {
  critical: 'Critical',
  warning: 'Warning',
  fine: 'Fine',
  idle: 'Idle',
};

export const levelTones: Readonly<Record<Level, Tone>> = {
  critical: 'bad',
  warning: 'warning',
  fine: 'good',
  idle: 'neutral',
};

/** `Thu 26 Nov` */
export function describeDate(date: string): string {
  const at = new Date(`${date}T00:00:00Z`);
  const part = (options: Intl.DateTimeFormatOptions) =>
    at.toLocaleDateString('en-GB', { ...options, timeZone: 'UTC' });
  return `${part({ weekday: 'short' })} ${part({ day: 'numeric', month: 'short' })}`;
}

/** `+1,200.00`, `−5.00`, `0.00` */
export function formatSigned(amount: Money): string {
  if (amount.units < 0n) return `−${formatAmount({ ...amount, units: -amount.units })}`;
  return `${amount.units > 0n ? '+' : ''}${formatAmount(amount)}`;
}

/** `+1,200.00 (+4.0 %)`, `no data for 2 days` */
export function describeChange(change: Change | WeekChange, { daysWithout }: PotReport): string {
  switch (change.kind) {
    case 'not_now':
      return '—';
    case 'new':
      return 'new';
    case 'no_data':
      return daysWithout > 0 ? `no data for ${countDays(daysWithout)}` : 'no data then';
    case 'change': {
      const { by, percent } = change;
      const days = 'days' in change && change.days < 7 ? `, ${countDays(change.days)}` : '';
      if (percent === undefined)
        return `${formatSigned(by)}${days === '' ? '' : ` (${days.slice(2)})`}`;
      const sign = percent.startsWith('-') ? '−' : percent === '0.0' ? '' : '+';
      return `${formatSigned(by)} (${sign}${percent.replace('-', '')} %${days})`;
    }
  }
}

export function countDays(days: number | bigint): string {
  return `${days} ${Number(days) === 1 ? 'day' : 'days'}`;
}

/** `PayerMax USD`; an account where the provider names no currency. */
export function namePot(providerName: string, { currency, account }: PotReport): string {
  return `${providerName} ${currency ?? account ?? ''}`.trim();
}
