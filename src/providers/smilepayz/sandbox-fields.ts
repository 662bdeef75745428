// The sandbox’s field rules of pay-out, region by region, as the tables have them. Written without
// the client’s code. Both generations of field names exist for Peru; for Colombia and Chile only
// the older words are documented, so that the current generation has no payouts there.
// https://docs.smilepayz.com/id/reference/peru/transaction/payout.html (sheet compiled 2026-11)
import { z } from 'zod';
import { parseJson, wireNumberText } from '../../json.ts';
import type { Refusal } from './sandbox-gate.ts';

export type FieldGeneration = 'current' | 'older';

const text = (charsMax: number) => z.string().min(1).max(charsMax);

/** What every region asks, and what none asks differently. */
const commonShape = z.object({
  orderNo: z.string().regex(/^[A-Za-z0-9]{6,32}$/),
  purpose: z.string().refine((purpose) => purpose !== '' && [...purpose].length <= 64),
  merchant: z.object({ merchantId: z.string() }),
  /** A JSON number, never a string. */
  money: z.object({ currency: z.string(), amount: wireNumberText }),
  paymentMethod: text(64).exactOptional(),
  cashAccount: text(128),
  /** Loopback is this sandbox’s own: the playground has no https. */
  callbackUrl: z
    .string()
    .max(256)
    .regex(/^(?:https:\/\/|http:\/\/(?:127\.0\.0\.1|localhost)[:/])/)
    .exactOptional(),
  area: wireNumberText.exactOptional(),
});
export type PayoutRequest = z.infer<typeof commonShape>;

interface Region {
  readonly area: string;
  readonly shape: z.ZodType;
  /** In whole units of the currency. */
  readonly range?: { readonly from: bigint; readonly to: bigint };
}

const method = { paymentMethod: text(64) };
const named = { receiver: z.object({ name: text(128) }) };

/** The documents set e-mail and phone of the older generation in brackets. */
const olderShape = (idTypes: readonly string[]) =>
  z.object({
    ...method,
    cashAccount: text(32),
    cashAccountType: z.enum(['CORRIENTE', 'AHORROS']),
    receiver: z.object({
      name: text(128),
      idType: z.enum(idTypes),
      identity: text(32),
      email: text(254).exactOptional(),
      phone: text(32).exactOptional(),
    }),
  });

const currentPeruShape = z.object({
  ...method,
  cashAccount: text(32),
  cashAccountType: z.enum(['CHECKING', 'SAVINGS']),
  cci: z.string().regex(/^\d{20}$/),
  receiver: z.object({
    name: text(128),
    email: text(254),
    phone: text(32),
    idType: z.enum(['NID', 'FID', 'PP', 'TIN']),
    idNumber: text(32),
  }),
});

/** By currency. Vietnam and USDT are not documented well enough to imitate. */
const regions: Readonly<Record<string, Region>> = {
  IDR: { area: '10', shape: z.object(method), range: { from: 10_000n, to: 999_999_999n } },
  THB: { area: '11', shape: z.object(method) },
  INR: {
    area: '12',
    shape: z.object({ ...named, ifscCode: z.string().regex(/^[A-Za-z0-9]{11}$/) }),
  },
  BRL: {
    area: '13',
    shape: z.object({
      paymentMethod: z.enum(['CPF', 'CNPJ', 'PHONE', 'EMAIL', 'EVP']),
      receiver: z.object({ taxNumber: z.string().regex(/^(?:\d{11}|\d{14})$/) }),
    }),
  },
  MXN: { area: '14', shape: z.object({ ...method, cashAccount: text(32) }) },
  PEN: { area: '15', shape: olderShape(['DNI', 'CE', 'PAS', 'RUC']) },
  COP: { area: '16', shape: olderShape(['CC', 'CE']) },
  CLP: { area: '17', shape: olderShape(['DNI', 'CE', 'PAS', 'RUT']) },
  PHP: { area: '18', shape: z.object({ ...method, ...named }) },
};

const currentRegions: Readonly<Record<string, Region | undefined>> = {
  ...regions,
  PEN: { area: '15', shape: currentPeruShape },
  COP: undefined,
  CLP: undefined,
};

/** Two digits, the first of a trade number. */
export function areaOf(currency: string): string {
  return regions[currency]?.area ?? '00';
}

export function readPayoutRequest(
  body: string,
  generation: FieldGeneration,
): PayoutRequest | Refusal {
  const json = parseBody(body);
  if (json === undefined) return refuseField('the body is not JSON');
  const common = commonShape.safeParse(json);
  if (!common.success) return refuseField(describe(common.error));
  const { money, area } = common.data;
  const region = (generation === 'current' ? currentRegions : regions)[money.currency];
  if (region === undefined) return refuseField(`money.currency: no payouts in ${money.currency}`);
  if (area !== undefined && area !== region.area) {
    return refuseField(`area ${area} does not fit ${money.currency}`);
  }
  const special = region.shape.safeParse(json);
  return special.success ? common.data : refuseField(describe(special.error));
}

/** Says whether a region documents limits and the amount is beyond them. */
export function isOutOfRange(currency: string, units: bigint, decimals: number): boolean {
  const range = regions[currency]?.range;
  if (range === undefined) return false;
  const one = 10n ** BigInt(decimals);
  return units < range.from * one || units > range.to * one;
}

const inquiryShape = z
  .object({
    tradeType: wireNumberText,
    orderNo: text(32).exactOptional(),
    tradeNo: text(32).exactOptional(),
  })
  .refine(({ orderNo, tradeNo }) => orderNo !== undefined || tradeNo !== undefined);
export type InquiryRequest = z.infer<typeof inquiryShape>;

export function readInquiry(body: string): InquiryRequest | Refusal {
  const inquiry = inquiryShape.safeParse(parseBody(body));
  if (inquiry.success) return inquiry.data;
  return refuseField(`tradeType and orderNo or tradeNo are required: ${describe(inquiry.error)}`);
}

export function refuseField(message: string): Refusal {
  return { code: 'SBX_FIELD', message };
}

function parseBody(body: string): unknown {
  try {
    return parseJson(body);
  } catch {
    return undefined;
  }
}

function describe({ issues }: z.ZodError): string {
  const paths = issues.map(({ path }) => path.join('.') || 'body');
  return `${[...new Set(paths)].join(', ')}: missing or not as documented`;
}
