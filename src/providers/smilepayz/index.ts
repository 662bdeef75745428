// SmilePayz, API v2.0: one gateway for Indonesia, Thailand, India, Brazil, Mexico, Peru, Colombia,
// Chile, the Philippines, Vietnam and USDT. The unit of amounts is configured per account, because
// the documents contradict each other by a factor of 100: see README.md and units.ts.
// https://docs.smilepayz.com/en/product/overview/signature.html (sheet compiled 2026-11)
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { ConfigError, type ConfigProblem } from '../../errors.ts';
import { createProviderHttp } from '../http.ts';
import type {
  EnvironmentVariable,
  ExamplePayee,
  Provider,
  ProviderConfig,
  ProviderDeps,
  ProviderModule,
} from '../types.ts';
import { createBalances } from './balances.ts';
import { createCallbacks } from './callbacks.ts';
import { createPayouts } from './payouts.ts';
import {
  exampleAccount,
  type SmilepayzSettings,
  smilepayzSettings,
  toAccounts,
} from './settings.ts';
import { createRequestSigner } from './sign.ts';

const productionUrl = 'https://gateway.smilepayz.com';

const environment: readonly EnvironmentVariable[] = [
  {
    name: 'SMILEPAYZ_PARTNER_ID',
    kind: 'text',
    isRequired: true,
    help: 'Merchant ID of the SmilePayz portal, like 20001; in their sandbox like sandbox-20001.',
  },
  {
    name: 'SMILEPAYZ_BASE_URL',
    kind: 'url',
    isRequired: false,
    defaultValue: productionUrl,
    help: 'Production by default; their sandbox is https://sandbox-gateway.smilepayz.com.',
  },
  {
    name: 'SMILEPAYZ_MERCHANT_SECRET',
    kind: 'secret',
    isRequired: true,
    help: 'Merchant secret of the SmilePayz portal (Integration Info).',
  },
  {
    name: 'SMILEPAYZ_PRIVATE_KEY',
    kind: 'private_key',
    isRequired: true,
    help: 'Your own RSA private key; its public key is uploaded in the SmilePayz portal.',
  },
  {
    name: 'SMILEPAYZ_PLATFORM_PUBLIC_KEY',
    kind: 'public_key',
    isRequired: false,
    help: 'Platform Public Key of the SmilePayz portal (Integration Info); verifies callbacks.',
  },
];

const authRemedy =
  'Check SMILEPAYZ_PARTNER_ID, SMILEPAYZ_MERCHANT_SECRET and SMILEPAYZ_PRIVATE_KEY, that its ' +
  'public key is the one in the SmilePayz portal, and that the clock of this machine is right.';
/** Each account is one exchange; they are asked at once, up to this many. */
const concurrentMax = 16;
/** Also with one account: a status query does not wait for a balance. */
const concurrentMin = 4;

function create(config: ProviderConfig<SmilepayzSettings>, deps: ProviderDeps): Provider {
  const { privateKey, platformKey, ...values } = readConfig(config);
  const accounts = toAccounts(config.settings.accounts);
  const { clock } = deps;
  const http = createProviderHttp({
    ...deps,
    provider: smilepayz.id,
    name: smilepayz.name,
    baseUrl: values.baseUrl,
    authRemedy,
    concurrentMax: Math.min(concurrentMax, Math.max(concurrentMin, accounts.length)),
  });
  const signRequest = createRequestSigner({ ...values, privateKey, clock });
  const payouts = createPayouts({
    http,
    signRequest,
    partnerId: values.partnerId,
    accounts,
    generation: config.settings.peru_fields,
    scrub: deps.scrub,
    webhook: platformKey === undefined ? undefined : createCallbacks({ http, clock, platformKey }),
  });
  return {
    id: smilepayz.id,
    getBalances: createBalances({ http, signRequest, accounts }),
    ...(payouts === undefined ? {} : { payouts }),
    close: http.close,
  };
}

function readConfig({ environment: values, settings }: ProviderConfig<SmilepayzSettings>) {
  const problems: ConfigProblem[] = [];
  const read = (path: string) => {
    const value = values[path];
    if (value === undefined || value === '') {
      const remedy = environment.find(({ name }) => name === path)?.help ?? '';
      problems.push({ path, problem: 'It is missing.', remedy });
    }
    return value ?? '';
  };
  const readKey = (path: string, parse: (pem: string) => KeyObject) => {
    const pem = read(path);
    if (pem === '') return undefined;
    const key = parseRsaKey(pem, parse);
    if (key === undefined) {
      problems.push({
        path,
        problem: 'It is not an RSA key that can be read.',
        remedy: 'Give it in PEM, or as the bare base64 of PKCS#8 (private) or SPKI (public).',
      });
    }
    return key;
  };
  const partnerId = read('SMILEPAYZ_PARTNER_ID');
  const baseUrl = values['SMILEPAYZ_BASE_URL'] ?? productionUrl;
  const merchantSecret = read('SMILEPAYZ_MERCHANT_SECRET');
  const privateKey = readKey('SMILEPAYZ_PRIVATE_KEY', createPrivateKey);
  // Only callbacks need it; a wrong key is still told now, not at the first of them.
  const platformKeyName = 'SMILEPAYZ_PLATFORM_PUBLIC_KEY';
  const platformKey =
    values[platformKeyName] === undefined ? undefined : readKey(platformKeyName, createPublicKey);
  if (settings.accounts.length === 0) {
    problems.push({
      path: 'team.yaml: providers.smilepayz.accounts',
      problem: 'No account is listed, and SmilePayz tells a balance only for an account number.',
      remedy: `List each (SmilePayz portal: Finance > Balance), like ${exampleAccount}`,
    });
  }
  if (problems.length > 0 || privateKey === undefined) throw new ConfigError(problems);
  return { partnerId, baseUrl, merchantSecret, privateKey, platformKey };
}

function parseRsaKey(pem: string, parse: (pem: string) => KeyObject): KeyObject | undefined {
  try {
    const key = parse(pem);
    return key.asymmetricKeyType === 'rsa' ? key : undefined;
  } catch {
    // The reason of OpenSSL would not help a person, and the text is a secret.
    return undefined;
  }
}

/** Values like those of the field table for Peru: nobody’s account. */
export const examplePayee: ExamplePayee = {
  id: 'luz',
  name: 'Luz Rodriguez Lopez',
  route: 'pe-bank',
  currency: 'PEN',
  fields: {
    bank: 'BCP',
    account: '19312345678901',
    account_type: 'savings',
    cci: '00219311234567890112',
    id_type: 'national_id',
    id_number: '48982488',
    email: 'luz@example.com',
    phone: '987654321',
  },
};

export const smilepayz: ProviderModule<SmilepayzSettings> = {
  id: 'smilepayz',
  name: 'SmilePayz',
  aliases: [],
  environment,
  settings: smilepayzSettings,
  payoutsNeed: 'list in the team file an account with use: payout',
  create,
  loadSandbox: async () => (await import('./sandbox.ts')).createSmilepayzSandbox,
  examplePayee,
};
