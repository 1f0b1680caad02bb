import { generateKeyPairSync } from 'node:crypto';
import { type Config } from '../../src/config/config.js';
import { readConfig } from '../../src/config/read-config.js';

export const TEST_JWT_SECRET = 'only-for-tests-0123456789-abcdefghij';

/** Two pairs, as there are: ours signs, and the gateway's public key verifies. */
const [shopKeys, gatewayKeys] = [rsaPair(), rsaPair()];

function rsaPair(): { publicKey: string; privateKey: string } {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

/** Settings for a shop under test. Its gateway is unreachable unless a test names a sandbox. */
export function testSettings(databaseUrl: string, overrides: Record<string, string> = {}): Config {
  return readConfig(testEnvironment(databaseUrl, overrides));
}

/** The same as environment variables, for a shop in a process of its own. */
export function testEnvironment(
  databaseUrl: string,
  overrides: Record<string, string> = {},
): Record<string, string> {
  const given = {
    NODE_ENV: 'test',
    PORT: '0',
    DATABASE_URL: databaseUrl,
    JWT_SECRET: TEST_JWT_SECRET,
    LOG_LEVEL: 'fatal',
    CORS_ORIGINS: 'http://www.meiduo.site:8080',
    RATE_LIMITS: 'off',
    ALIPAY_APP_ID: '9021000000000001',
    ALIPAY_SELLER_ID: '2088000000000001',
    ALIPAY_PRIVATE_KEY: shopKeys.privateKey,
    ALIPAY_PUBLIC_KEY: gatewayKeys.publicKey,
    ALIPAY_GATEWAY: 'http://127.0.0.1:9/gateway.do',
    ALIPAY_NOTIFY_URL: 'http://127.0.0.1:9/payment/alipay/notify/',
    ALIPAY_RETURN_URL: 'http://127.0.0.1:9/pay-result',
    ...overrides,
  };
  // What is given as a file is not given here as well.
  return Object.fromEntries(
    Object.entries(given).filter(([name]) => !(`${name}_FILE` in overrides)),
  );
}
