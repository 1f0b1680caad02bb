import type { KeyObject } from 'node:crypto';
import { parseBeijing } from './beijing-time.js';
import { GatewayError } from './errors.js';
import { requestSignText, verifyRsa2, type Params } from './signing.js';

/** The member of a V2 answer that belongs to a method: dots become underscores. */
export function responseKey(method: string): string {
  return `${method.replaceAll('.', '_')}_response`;
}

/**
 * Checks everything around `biz_content` in the order of the real gateway and throws the
 * GatewayError it would answer. The signature comes last: its message is then about nothing else.
 */
export function checkEnvelope(params: Params, appId: string, appPublicKey: KeyObject): void {
  for (const [name, dashed] of REQUIRED) {
    if (!params[name]) missing(dashed);
  }
  if (params['app_id'] !== appId) invalid('app-id', '无效的AppID参数');
  if (params['sign_type'] !== 'RSA2') invalid('signature-type', '无效的签名类型');
  if (!/^utf-?8$/i.test(params['charset'] ?? '')) invalid('charset', '字符集错误');
  if (params['version'] !== '1.0') invalid('version', '无效的版本参数');
  if (parseBeijing(params['timestamp'] ?? '') === undefined) {
    invalid('timestamp', '非法的时间戳参数');
  }
  const text = requestSignText(params);
  if (!verifyRsa2(text, params['sign'] ?? '', appPublicKey)) {
    invalid('signature', `${SIGNATURE_HINT}${text}`);
  }
}

/** `biz_content` as an object; a GatewayError when it is no JSON object. */
export function readBizContent(params: Params): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(params['biz_content'] || '{}');
    if (isPlainObject(value)) return value;
  } catch {
    // Text that is no JSON is refused below, like JSON of another kind.
  }
  throw new GatewayError('40002', 'isv.invalid-parameter', 'biz_content 不是合法的 JSON 对象');
}

/** A payload as it stands in an answer: slashes are escaped, as Alipay's serialiser does. */
export function answerText(payload: object): string {
  return JSON.stringify(payload).replaceAll('/', '\\/');
}

/**
 * One V2 answer around the payload's text. A signature covers exactly these characters, so a client
 * that parses and serialises again cannot verify it.
 */
export function joinAnswer(key: string, text: string, signature?: string): string {
  const sign = signature === undefined ? '' : `,"sign":"${signature}"`;
  return `{"${key}":${text}${sign}}`;
}

const REQUIRED = [
  ['app_id', 'app-id'],
  ['method', 'method'],
  ['sign_type', 'signature-type'],
  ['sign', 'signature'],
  ['charset', 'charset'],
  ['timestamp', 'timestamp'],
  ['version', 'version'],
] as const;

const SIGNATURE_HINT =
  '验签出错，建议检查签名字符串或签名私钥与应用公钥是否匹配，网关生成的验签字符串为：';

function missing(name: string): never {
  throw new GatewayError('40001', `isv.missing-${name}`, `缺少参数：${name}`);
}

function invalid(name: string, message: string): never {
  throw new GatewayError('40002', `isv.invalid-${name}`, message);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
