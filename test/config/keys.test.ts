// The forms in which people hold an RSA key, and what is refused as one.
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { goodBank, listMistakes, load, privatePem, publicPem, rsaKeys } from './sources.ts';

const textOf = (key: KeyObject, type: 'pkcs8' | 'pkcs1' | 'sec1' | 'spki') =>
  key.export({ type, format: 'pem' }).toString();
const bareOf = (pem: string) => pem.replace(/-----[A-Z ]+-----|\s/g, '');
const pkcs1Private = textOf(rsaKeys.privateKey, 'pkcs1');
const pkcs1Public = textOf(rsaKeys.publicKey, 'pkcs1');

const forms = (pem: string) =>
  [
    ['PEM', pem],
    ['PEM with \\n for its line breaks', pem.replaceAll('\n', '\\n')],
    ['PEM with Windows line breaks', pem.replaceAll('\n', '\r\n')],
    ['bare base64', bareOf(pem)],
    ['bare base64 in lines', bareOf(pem).replace(/.{60}/g, '$&\n')],
    ['bare base64 in lines written as \\n', bareOf(pem).replace(/.{76}/g, '$&\\n')],
  ] as const;

const mistakeOf = (kind: 'private' | 'public') =>
  `BANK_${kind.toUpperCase()}_KEY: It is not an RSA ${kind} key of at least 2048 bits. ` +
  'Use PEM, or the bare base64 from the dashboard; in .env write line breaks as \\n.';

const encrypted = rsaKeys.privateKey
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'hunter2' })
  .toString();
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
const curve = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 });

describe('a private key', () => {
  const given = (BANK_PRIVATE_KEY: string) => ({ environment: { ...goodBank, BANK_PRIVATE_KEY } });

  it.each([
    ...forms(privatePem).map(([form, text]) => [`PKCS#8, ${form}`, text]),
    ...forms(pkcs1Private).map(([form, text]) => [`PKCS#1, ${form}`, text]),
  ])('is read as %s and becomes PKCS#8 in PEM', (_form, text) => {
    const value = load(given(text)).providers[0]?.config.environment['BANK_PRIVATE_KEY'];
    expect(value).toBe(privatePem);
    expect(createPrivateKey(value ?? '').equals(rsaKeys.privateKey)).toBe(true);
  });

  it('is read from the file that BANK_PRIVATE_KEY_FILE names', () => {
    const { BANK_PRIVATE_KEY, ...others } = goodBank;
    const environment = { ...others, BANK_PRIVATE_KEY_FILE: '/keys/bank.pem' };
    const { providers } = load({ environment, files: { '/keys/bank.pem': pkcs1Private } });
    expect(providers[0]?.config.environment['BANK_PRIVATE_KEY']).toBe(BANK_PRIVATE_KEY);
  });

  it.each([
    ['a public key', publicPem],
    ['a public key, bare', bareOf(publicPem)],
    ['a key of 1024 bits', textOf(weak.privateKey, 'pkcs8')],
    ['a key of 1024 bits, bare', bareOf(textOf(weak.privateKey, 'pkcs8'))],
    ['a key of an elliptic curve', textOf(curve.privateKey, 'pkcs8')],
    ['a key of an elliptic curve, SEC1', textOf(curve.privateKey, 'sec1')],
    ['a key for RSA-PSS only', textOf(pss.privateKey, 'pkcs8')],
    ['a key behind a passphrase', encrypted],
    ['half of a key', privatePem.slice(0, 800)],
    ['half of a key, bare', bareOf(privatePem).slice(0, 800)],
    ['a word', 'hunter2'],
    ['a path', '/keys/bank.pem'],
  ])('is not %s', (_what, text) => {
    expect(listMistakes(given(text))).toEqual([mistakeOf('private')]);
  });
});

describe('a public key', () => {
  const given = (BANK_PUBLIC_KEY: string) => ({ environment: { ...goodBank, BANK_PUBLIC_KEY } });

  it.each([
    ...forms(publicPem).map(([form, text]) => [`SPKI, ${form}`, text]),
    ...forms(pkcs1Public).map(([form, text]) => [`PKCS#1, ${form}`, text]),
  ])('is read as %s and becomes SPKI in PEM', (_form, text) => {
    const value = load(given(text)).providers[0]?.config.environment['BANK_PUBLIC_KEY'];
    expect(value).toBe(publicPem);
    expect(createPublicKey(value ?? '').equals(rsaKeys.publicKey)).toBe(true);
  });

  // Node derives the public half of a private key without a word; the other half would then lie
  // where nobody keeps it secret.
  it.each([
    ['a private key', privatePem],
    ['a private key, PKCS#1', pkcs1Private],
    ['a private key, with \\n for its line breaks', privatePem.replaceAll('\n', '\\n')],
    ['a private key, bare', bareOf(privatePem)],
    ['a private key, PKCS#1, bare', bareOf(pkcs1Private)],
    ['a key of 1024 bits', textOf(weak.publicKey, 'spki')],
    ['a key of an elliptic curve', textOf(curve.publicKey, 'spki')],
    ['a word', 'hunter2'],
  ])('is not %s', (_what, text) => {
    expect(listMistakes(given(text))).toEqual([mistakeOf('public')]);
  });
});
