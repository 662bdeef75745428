// The floor of each client: the same request made by hand with undici, JSON.parse and nothing but
// the signature itself.
import { createHmac, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { Pool } from 'undici';

export type Environment = Readonly<Record<string, string>>;

export interface RawClient {
  call(): Promise<unknown>;
  close(): Promise<void>;
}

export function createRawClient(
  id: string,
  environment: Environment,
  settings: unknown,
): RawClient {
  const of = (name: string) => environment[name] ?? '';
  const base = new URL(of(`${id.toUpperCase()}_BASE_URL`));
  const pool = new Pool(base.origin, { connections: 1 });
  const send = async (
    method: 'GET' | 'POST',
    path: string,
    headers: Record<string, string>,
    body: string | null,
  ) => {
    const answer = await pool.request({
      method,
      path: base.pathname.replace(/\/$/, '') + path,
      headers,
      body,
    });
    const text = await answer.body.text();
    return { text, headers: answer.headers, data: JSON.parse(text) as unknown };
  };
  const json = { 'content-type': 'application/json' };
  return { call: callOf(), close: () => pool.close() };

  function callOf(): () => Promise<unknown> {
    switch (id) {
      case 'alignet': {
        const path = `/onboarding/payfac/${of('ALIGNET_PAYFAC_ID')}/account/balance/monnet`;
        return () => send('GET', path, { authorization: of('ALIGNET_AUTHORIZATION') }, null);
      }
      case 'paycross': {
        const [account] = (settings as { accounts: { currency?: string }[] }).accounts;
        const user = `${of('PAYCROSS_SHOP_ID')}:${of('PAYCROSS_SECRET_KEY')}`;
        const authorization = `Basic ${Buffer.from(user).toString('base64')}`;
        const headers = { ...json, authorization, 'x-api-version': '2' };
        const body = JSON.stringify({ request: { currency: account?.currency } });
        return () => send('POST', '/balance', headers, body);
      }
      case 'payermax': {
        const privateKey = createPrivateKey(of('PAYERMAX_PRIVATE_KEY'));
        const publicKey = createPublicKey(of('PAYERMAX_PLATFORM_PUBLIC_KEY'));
        return async () => {
          const body = JSON.stringify({
            version: '1.3',
            keyVersion: '1',
            requestTime: new Date().toISOString(),
            appId: of('PAYERMAX_APP_ID'),
            merchantNo: of('PAYERMAX_MERCHANT_NO'),
            data: { plainSign: true, accountType: [], accountCurrency: [] },
          });
          const signature = sign('sha256', Buffer.from(body), privateKey).toString('base64');
          const path = '/aggregate-pay/api/gateway/currentBalanceQuery';
          const answer = await send('POST', path, { ...json, sign: signature }, body);
          const theirs = Buffer.from(String(answer.headers['sign']), 'base64');
          if (!verify('sha256', Buffer.from(answer.text), publicKey, theirs))
            throw new Error('sign');
          return answer;
        };
      }
      case 'payneteasy': {
        const login = of('PAYNETEASY_MERCHANT_LOGIN');
        const path = `/api/v2/get-balance/merchant/${login}`;
        let count = 0;
        return () => {
          count += 1;
          const nonce = `bench${count}${Date.now()}`;
          const at = String(Math.floor(Date.now() / 1000));
          const joined = `oauth_consumer_key=${login}&oauth_nonce=${nonce}&oauth_signature_method=HMAC-SHA1&oauth_timestamp=${at}&oauth_version=1.0`;
          const text = `POST&${encodeURIComponent(base.href.replace(/\/$/, '') + path)}&${encodeURIComponent(joined)}`;
          const key = `${encodeURIComponent(of('PAYNETEASY_CONTROL_KEY'))}&`;
          const signature = createHmac('sha1', key).update(text).digest('base64');
          const authorization = `OAuth realm="",oauth_version="1.0",oauth_consumer_key="${login}",oauth_timestamp="${at}",oauth_nonce="${nonce}",oauth_signature_method="HMAC-SHA1",oauth_signature="${encodeURIComponent(signature)}"`;
          const type = 'application/x-www-form-urlencoded';
          return send('POST', path, { authorization, 'content-type': type }, joined);
        };
      }
      case 'smilepayz': {
        const [account] = (settings as { accounts: { no: string }[] }).accounts;
        const privateKey = createPrivateKey(of('SMILEPAYZ_PRIVATE_KEY'));
        const body = JSON.stringify({ accountNo: account?.no, balanceTypes: ['BALANCE'] });
        return () => {
          const at = `${new Date().toISOString().slice(0, 19)}+00:00`;
          const text = `${at}|${of('SMILEPAYZ_MERCHANT_SECRET')}|${body}`;
          const signature = sign('sha256', Buffer.from(text), privateKey).toString('base64');
          const headers = {
            ...json,
            'x-timestamp': at,
            'x-signature': signature,
            'x-partner-id': of('SMILEPAYZ_PARTNER_ID'),
          };
          return send('POST', '/v2.0/inquiry-balance', headers, body);
        };
      }
      default:
        throw new TypeError(`no raw client for ${id}`);
    }
  }
}
