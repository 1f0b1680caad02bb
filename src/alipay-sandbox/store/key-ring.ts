import {
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const PUBLIC_MODE = 0o644;
const PRIVATE_MODE = 0o600;
const PAIRS = ['app', 'alipay'] as const;

/**
 * The keys the sandbox works with, parsed once. `app` is the merchant's pair (its private half lies
 * beside it for the shop to use), `alipay` is the gateway's own.
 */
export class KeyRing {
  private foreign: KeyObject | undefined;

  private constructor(
    readonly appPublicKey: KeyObject,
    readonly alipayPrivateKey: KeyObject,
  ) {}

  /** Opens `<dataDir>/keys`, making two 2048-bit RSA pairs at the first start. */
  static async open(dataDir: string): Promise<KeyRing> {
    const folder = join(dataDir, 'keys');
    if (!existsSync(folder)) await makeKeys(dataDir, folder);
    const [appPublic, alipayPrivate] = await Promise.all([
      readFile(join(folder, 'app_public_key.pem'), 'utf8'),
      readFile(join(folder, 'alipay_private_key.pem'), 'utf8'),
    ]);
    return new KeyRing(createPublicKey(appPublic), createPrivateKey(alipayPrivate));
  }

  /** A key nobody trusts, to sign what a forger would send. */
  get foreignPrivateKey(): KeyObject {
    this.foreign ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    return this.foreign;
  }
}

/** Fills a temporary folder and renames it, so that half a set of keys is never seen. */
async function makeKeys(dataDir: string, folder: string): Promise<void> {
  await mkdir(dataDir, { recursive: true });
  const draft = await mkdtemp(join(dataDir, 'keys-'));
  for (const name of PAIRS) await writePair(draft, name);
  // A temporary folder is closed to everybody else; the public keys in it are for everybody.
  await chmod(draft, 0o755);
  try {
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true });
    // Another process may have finished its set a moment earlier: then that one is ours too.
    if (!existsSync(folder)) throw error;
  }
}

async function writePair(folder: string, name: string): Promise<void> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const privateFile = join(folder, `${name}_private_key.pem`);
  await writeFile(privateFile, privateKey, { mode: PRIVATE_MODE });
  await writeFile(join(folder, `${name}_public_key.pem`), publicKey, { mode: PUBLIC_MODE });
}
