// What an answer of the gateway says, in the documented order: transport, `code`, then `data`. A
// success counts only when PayerMax signed exactly these bytes; errors may come unsigned.
// https://docs.payermax.com/202606-version/developer/api-desc.md (read 2026-11)
import type { KeyObject } from 'node:crypto';
import type { z } from 'zod';
import type { Clock } from '../../clock.ts';
import type { ProviderError } from '../../errors.ts';
import { parseJson } from '../../json.ts';
import { type Answer, type ProviderHttp, readHeader } from '../http.ts';
import { explainRefusal, isKnownRefusal } from './refusals.ts';
import { isSignedByPlatform } from './sign.ts';
import { envelopeWire, failureInDataWire } from './wire.ts';

export interface AnswerReaderConfig {
  readonly platformPublicKey: KeyObject;
  readonly http: ProviderHttp;
  readonly clock: Clock;
}

/** Gives `data` of a success as the schema makes it; throws `ProviderError` for anything else. */
export type ReadAnswer = <Schema extends z.ZodType>(
  answer: Answer,
  call: Asked & { readonly schema: Schema; readonly hasErrorInData?: boolean },
) => z.output<Schema>;

interface Asked {
  readonly operation: string;
  hide?(text: string): string;
}

const malformedRemedy =
  'Ask again in a minute; if it stays, check PAYERMAX_BASE_URL and ask PayerMax support what changed.';
const signatureRemedy =
  'Check that PAYERMAX_PLATFORM_PUBLIC_KEY is the PayerMax public key of this environment’s dashboard; if it is, something between Purser and PayerMax alters answers.';

export function createAnswerReader(config: AnswerReaderConfig): ReadAnswer {
  const { platformPublicKey, http, clock } = config;

  function malformed(operation: string, answer: Answer, message: string, remedy = malformedRemedy) {
    const facts = { code: 'malformed_response', httpStatus: answer.status } as const;
    return http.error({ ...facts, operation, message, remedy });
  }

  function refused(
    { operation, hide = (text) => text }: Asked,
    answer: Answer,
    code: string,
    text: string | null | undefined,
  ): ProviderError {
    const facts = explainRefusal(hide(code), hide(text ?? ''), answer, clock.now());
    return http.error({ ...facts, operation });
  }

  function readEnvelope(call: Asked, answer: Answer): z.output<typeof envelopeWire> {
    const { operation } = call;
    const json = readJson(answer);
    const envelope = envelopeWire.safeParse(json);
    const failure = http.errorOfStatus(operation, answer);
    if (failure !== undefined) {
      // The status is documented nowhere, so a code that says more goes first.
      const isSaid = envelope.success && isKnownRefusal(envelope.data.code);
      throw isSaid ? refused(call, answer, envelope.data.code, envelope.data.msg) : failure;
    }
    if (json === undefined) throw malformed(operation, answer, describeNoJson(answer));
    if (!envelope.success) {
      throw malformed(operation, answer, describeIssue(envelope.error.issues));
    }
    return envelope.data;
  }

  return (answer, call) => {
    const { operation, schema } = call;
    const envelope = readEnvelope(call, answer);
    if (envelope.code !== 'APPLY_SUCCESS') {
      throw refused(call, answer, envelope.code, envelope.msg);
    }
    // Before anything in `data` is believed.
    if (!isSignedByPlatform(answer.body, readHeader(answer, 'sign'), platformPublicKey)) {
      const message = 'PayerMax’s answer is not signed by the configured platform key.';
      throw malformed(operation, answer, message, signatureRemedy);
    }
    if (call.hasErrorInData) {
      const failure = failureInDataWire.safeParse(envelope.data);
      if (!failure.success) {
        throw malformed(operation, answer, describeIssue(failure.error.issues, 'data'));
      }
      if (failure.data.errorCode) {
        throw refused(call, answer, failure.data.errorCode, failure.data.errorMsg);
      }
    }
    const data = schema.safeParse(envelope.data);
    if (data.success) return data.data;
    throw malformed(operation, answer, describeIssue(data.error.issues, 'data'));
  };
}

/** Undefined when the text is not JSON. */
function readJson(answer: Answer): unknown {
  try {
    return parseJson(answer.text);
  } catch {
    return undefined;
  }
}

function describeNoJson({ text }: Answer): string {
  if (text.trim() === '') return 'PayerMax answered with nothing.';
  if (text.trimStart().startsWith('<')) return 'PayerMax answered with a web page instead of JSON.';
  return 'PayerMax answered with broken JSON.';
}

/** Names the field, never what it holds. */
function describeIssue(issues: readonly z.core.$ZodIssue[], ...prefix: string[]): string {
  const [issue] = issues;
  const path = [...prefix, ...(issue?.path ?? [])].join('.') || 'the top';
  return `PayerMax’s answer is not as documented at ${path}: ${issue?.message ?? 'unreadable'}.`;
}
