// One signed call to PayerMax's gateway. The body is serialised once; those bytes are signed and
// sent. PayerMax accepts them for two minutes, so every retry makes its own.
// https://docs.payermax.com/202606-version/developer/api-desc.md (read 2026-11)
import type { KeyObject } from 'node:crypto';
import type { z } from 'zod';
import type { Send } from '../http.ts';
import { type AnswerReaderConfig, createAnswerReader } from './answers.ts';
import { signBody } from './sign.ts';

export interface GatewayConfig extends AnswerReaderConfig {
  readonly appId: string;
  readonly merchantPrivateKey: KeyObject;
}

export interface GatewayCall<Schema extends z.ZodType> {
  readonly operation: string;
  /** The last part of the path. */
  readonly api: string;
  /** Each API has its own. */
  readonly version: string;
  /** Older APIs know the merchant by its number, the funds-account APIs by a member id. */
  readonly merchant: { readonly merchantNo: string } | { readonly memberId: string };
  readonly data: object;
  /** What `data` of the answer must be. */
  readonly schema: Schema;
  /** The balance calls say inside `data` what failed, although the request was handled. */
  readonly hasErrorInData?: boolean;
  /** Masks what PayerMax's words may quote of a payee. */
  hide?(text: string): string;
}

export interface Gateway {
  ask<Schema extends z.ZodType>(send: Send, call: GatewayCall<Schema>): Promise<z.output<Schema>>;
}

export function createGateway(config: GatewayConfig): Gateway {
  const { appId, merchantPrivateKey, clock } = config;
  const readAnswer = createAnswerReader(config);

  return {
    async ask(send, call) {
      const body = Buffer.from(
        JSON.stringify({
          version: call.version,
          keyVersion: '1',
          // UTC in the documented `yyyy-MM-dd'T'HH:mm:ss.SSSXXX`.
          requestTime: new Date(clock.now()).toISOString(),
          appId,
          ...call.merchant,
          data: call.data,
        }),
      );
      const answer = await send({
        method: 'POST',
        path: `/aggregate-pay/api/gateway/${call.api}`,
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          sign: signBody(body, merchantPrivateKey),
        },
        body,
      });
      return readAnswer(answer, call);
    },
  };
}
