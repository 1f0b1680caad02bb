import { sign, verify, type KeyObject } from 'node:crypto';

export type Params = Record<string, string>;

/**
 * The text a V2 request is signed over: every parameter but `sign`, empty values dropped,
 * sorted by key and joined unencoded. `sign_type` is part of it.
 */
export function requestSignText(params: Params): string {
  return joinSorted(params, (key) => key !== 'sign' && params[key] !== '');
}

/**
 * The text a notification or a return URL is signed over: `sign_type` is left out too, and an empty
 * value would be kept (Alipay's own libraries verify it like that).
 */
export function noticeSignText(params: Params): string {
  return joinSorted(params, (key) => key !== 'sign' && key !== 'sign_type');
}

/** RSA2 is RSA (PKCS#1 v1.5) over SHA-256, in base64. */
export function signRsa2(text: string, privateKey: KeyObject): string {
  return sign('RSA-SHA256', Buffer.from(text, 'utf8'), privateKey).toString('base64');
}

export function verifyRsa2(text: string, signature: string, publicKey: KeyObject): boolean {
  const bytes = Buffer.from(signature, 'base64');
  return verify('RSA-SHA256', Buffer.from(text, 'utf8'), publicKey, bytes);
}

/** Adds `sign` to the parameters of a notification or a return URL. */
export function signNotice(params: Params, privateKey: KeyObject): Params {
  return { ...params, sign: signRsa2(noticeSignText(params), privateKey) };
}

function joinSorted(params: Params, isSigned: (key: string) => boolean): string {
  const keys = Object.keys(params).filter(isSigned).sort();
  return keys.map((key) => `${key}=${params[key]}`).join('&');
}
