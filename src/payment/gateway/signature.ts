import { createPublicKey, type KeyObject, verify } from 'node:crypto';

/** The fields of a notify or of a return, each exactly once and as it was sent. */
export type SignedFields = Readonly<Record<string, string>>;

/**
 * The gateway's public key as a prepared object: parsing the PEM for every notify would cost twenty
 * times the verification. Accepts PEM or the bare base64 that Alipay's console shows.
 */
export function publicKeyOf(text: string): KeyObject {
  const clean = text.replaceAll('\\n', '\n').trim();
  const pem = clean.includes('BEGIN')
    ? clean
    : `-----BEGIN PUBLIC KEY-----\n${clean}\n-----END PUBLIC KEY-----`;
  return createPublicKey(pem);
}

/** Every field a single string, as a genuine message has them; undefined for anything else. */
export function asSignedFields(body: unknown): SignedFields | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return undefined;
  }
  const entries = Object.entries(body as Record<string, unknown>);
  return entries.length > 0 && entries.every(([, value]) => typeof value === 'string')
    ? (Object.fromEntries(entries) as SignedFields)
    : undefined;
}

/**
 * Alipay's rule for notify and return: drop `sign` and `sign_type`, sort by name, join `k=v` with
 * `&`, RSA-SHA256. The kind of signature is pinned; the one the message names is not trusted.
 */
export function genuine(fields: SignedFields, key: KeyObject): boolean {
  const { sign, sign_type: signType, ...rest } = fields;
  if (!sign || signType !== 'RSA2') {
    return false;
  }
  const text = Object.keys(rest)
    .sort()
    .map((name) => `${name}=${rest[name]}`)
    .join('&');
  const signature = Buffer.from(sign, 'base64');
  // The decoder reads much that is no base64 (it looks at the low byte of a letter, and skips what it
  // does not know), so a changed signature could still be read as the right one.
  if (signature.toString('base64') !== sign) {
    return false;
  }
  try {
    return verify('RSA-SHA256', Buffer.from(text, 'utf8'), key, signature);
  } catch {
    return false;
  }
}
