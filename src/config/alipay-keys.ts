import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** The settings about keys, as they came from the environment. */
interface KeySettings {
  readonly ALIPAY_PRIVATE_KEY?: string;
  readonly ALIPAY_PUBLIC_KEY?: string;
  readonly ALIPAY_KEY_TYPE: 'PKCS1' | 'PKCS8';
}

type PrivateForm = 'PKCS1' | 'PKCS8';

const MIN_BITS = 2048;
const PROBE = Buffer.from('a string to sign');

/**
 * Tries the keys: signs a string, verifies it, and reads Alipay's key. Answers a sentence for
 * everything that is wrong, never with a part of a key. Without this, a wrong key shows at the first
 * payment only, as an error of OpenSSL that names nothing.
 */
export function alipayKeyProblems(settings: KeySettings): string[] {
  const own = readPrivate(settings.ALIPAY_PRIVATE_KEY ?? '', settings.ALIPAY_KEY_TYPE);
  const alipays = readPublic(settings.ALIPAY_PUBLIC_KEY ?? '');
  const problems = [own, alipays].filter((result) => typeof result === 'string');
  if (typeof own !== 'string' && typeof alipays !== 'string' && isPairOf(own, alipays)) {
    problems.push(
      'ALIPAY_PUBLIC_KEY: this is the public key of the application itself; Alipay shows its own, ' +
        '支付宝公钥, beside it once yours is uploaded',
    );
  }
  return problems;
}

/** The private key, proved to sign, or the sentence about what is wrong with it. */
function readPrivate(text: string, type: PrivateForm): KeyObject | string {
  const problem = (sentence: string): string => `ALIPAY_PRIVATE_KEY: ${sentence}`;
  const clean = unescape(text);
  if (/BEGIN (RSA )?PUBLIC KEY|BEGIN CERTIFICATE/.test(clean)) {
    return problem(
      'this is a public key or a certificate; the private key of the application signs',
    );
  }
  if (/ENCRYPTED/.test(clean)) {
    return problem('the key has a pass phrase; remove it: openssl pkey -in key.pem -out plain.pem');
  }
  const found = privateForms(clean);
  if (!found) {
    return problem(
      'this is no RSA private key; give the whole PEM file or its base64 text without line breaks',
    );
  }
  const { key, form } = found;
  if (form !== type && !(form === 'PKCS8' && !clean.includes('BEGIN'))) {
    return problem(
      `the key is ${form}, but ALIPAY_KEY_TYPE is ${type}; set ALIPAY_KEY_TYPE=${form}`,
    );
  }
  const weak = weakness(key);
  if (weak) {
    return problem(weak);
  }
  const signature = sign('RSA-SHA256', PROBE, key);
  return verify('RSA-SHA256', PROBE, createPublicKey(key), signature)
    ? key
    : problem('what it signs cannot be verified');
}

/** Alipay's public key, or the sentence about what is wrong with it. */
function readPublic(text: string): KeyObject | string {
  const problem = (sentence: string): string => `ALIPAY_PUBLIC_KEY: ${sentence}`;
  const clean = unescape(text);
  if (clean.includes('PRIVATE KEY') || privateForms(clean)) {
    return problem('this is a private key; it must be the public key of Alipay (支付宝公钥)');
  }
  if (clean.includes('BEGIN CERTIFICATE')) {
    return problem(
      'this is a certificate; the shop signs with keys, so choose 公钥 in the console',
    );
  }
  const key = parsed(() => createPublicKey(pem(clean, 'PUBLIC KEY')));
  if (!key || clean.includes('RSA PUBLIC KEY')) {
    const pkcs1 = parsed(() => createPublicKey(pem(clean, 'RSA PUBLIC KEY')));
    return problem(
      pkcs1
        ? 'the key is PKCS1 (RSA PUBLIC KEY); Alipay shows X.509 (PUBLIC KEY), copy that'
        : 'this is no RSA public key; copy 支付宝公钥 from the console, as base64 or PEM',
    );
  }
  const weak = weakness(key);
  return weak ? problem(weak) : key;
}

function privateForms(clean: string): { key: KeyObject; form: PrivateForm } | undefined {
  const forms = [
    ['PKCS8', 'PRIVATE KEY'],
    ['PKCS1', 'RSA PRIVATE KEY'],
  ] as const;
  for (const [form, label] of forms) {
    if (!clean.includes('BEGIN') || clean.includes(`BEGIN ${label}`)) {
      const key = parsed(() => createPrivateKey(pem(clean, label)));
      if (key) {
        return { key, form };
      }
    }
  }
  return undefined;
}

function weakness(key: KeyObject): string | undefined {
  if (key.asymmetricKeyType !== 'rsa') {
    return 'the key is not RSA; RSA2 needs one';
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  return bits < MIN_BITS ? `the key has ${bits} bits; RSA2 needs ${MIN_BITS}` : undefined;
}

/** PEM as it is, bare base64 with the lines around it that its kind has. */
function pem(clean: string, label: string): string {
  return clean.includes('BEGIN')
    ? clean
    : `-----BEGIN ${label}-----\n${clean.replaceAll(/\s/g, '')}\n-----END ${label}-----`;
}

/** A key on one line of an .env file has the two characters \n for each line break. */
function unescape(text: string): string {
  return text.replaceAll('\\n', '\n').trim();
}

function parsed(parse: () => KeyObject): KeyObject | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}

function isPairOf(own: KeyObject, other: KeyObject): boolean {
  const der = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' });
  return der(createPublicKey(own)).equals(der(other));
}
