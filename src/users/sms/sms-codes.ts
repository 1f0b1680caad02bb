import { createHmac, hkdfSync, randomInt, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ShopError } from '../../common/errors.js';
import { Config } from '../../config/config.js';
import { isDuplicate } from '../../database/errors.js';
import { inTransaction, type Tx, type Written } from '../../database/transaction.js';
import { withinQuota } from '../quotas.js';
import { SmsSender } from './sms-sender.js';

const CODE_DIGITS = 6;
const LIFETIME_SECONDS = 300;
const INTERVAL_SECONDS = 60;
const TRIES_MAX = 5;

/**
 * Codes that prove a mobile number: six digits, five minutes, one a minute and ten a day, five
 * tries, used once. Only a keyed hash is stored, since a plain one of six digits is guessed at once.
 */
@Injectable()
export class SmsCodes {
  private readonly key: Buffer;

  constructor(
    private readonly dataSource: DataSource,
    private readonly sender: SmsSender,
    config: Config,
  ) {
    this.key = Buffer.from(hkdfSync('sha256', config.JWT_SECRET, '', 'sms-codes', 32));
  }

  /** Sends a new code, which replaces the one before. Throws SMS_TOO_FREQUENT, SMS_UNAVAILABLE. */
  async send(mobile: string): Promise<void> {
    await withinQuota(this.dataSource, 'sms', mobile, () => this.sendOne(mobile));
  }

  /**
   * Spends one try and compares. Throws SMS_CODE_INVALID. A transaction of its own: the try stays
   * spent whatever happens to the request that guessed.
   */
  async check(mobile: string, code: string): Promise<void> {
    const stored = await inTransaction(this.dataSource, (tx) => spendTry(tx, mobile));
    if (!stored || !timingSafeEqual(stored, this.hash(mobile, code))) {
      throw new ShopError('SMS_CODE_INVALID');
    }
  }

  /** Uses the code up, together with what it was given for. Throws SMS_CODE_INVALID. */
  async use(tx: Tx, mobile: string, code: string): Promise<void> {
    const { affectedRows } = await tx.query<Written>(
      `UPDATE sms_codes SET expires_at = UTC_TIMESTAMP(3)
       WHERE mobile = ? AND code_hash = ? AND expires_at > UTC_TIMESTAMP(3)`,
      [mobile, this.hash(mobile, code)],
    );
    if (affectedRows !== 1) {
      throw new ShopError('SMS_CODE_INVALID');
    }
  }

  private async sendOne(mobile: string): Promise<void> {
    const code = String(randomInt(10 ** CODE_DIGITS)).padStart(CODE_DIGITS, '0');
    const hash = this.hash(mobile, code);
    try {
      await inTransaction(this.dataSource, (tx) => store(tx, mobile, hash));
    } catch (error) {
      throw isDuplicate(error) ? tooFrequent() : error;
    }
    try {
      await this.sender.send(mobile, code);
    } catch (error) {
      // What was not sent does not count as one a minute.
      await inTransaction(this.dataSource, (tx) => forget(tx, mobile, hash));
      throw error;
    }
  }

  private hash(mobile: string, code: string): Buffer {
    return createHmac('sha256', this.key).update(`${mobile}:${code}`).digest();
  }
}

/** Two requests at once: one updates or inserts, the other finds no old row and a duplicate key. */
async function store(tx: Tx, mobile: string, hash: Buffer): Promise<void> {
  const { affectedRows } = await tx.query<Written>(
    `UPDATE sms_codes SET code_hash = ?, tries_left = ?, sent_at = UTC_TIMESTAMP(3),
       expires_at = UTC_TIMESTAMP(3) + INTERVAL ? SECOND
     WHERE mobile = ? AND sent_at <= UTC_TIMESTAMP(3) - INTERVAL ? SECOND`,
    [hash, TRIES_MAX, LIFETIME_SECONDS, mobile, INTERVAL_SECONDS],
  );
  if (affectedRows === 0) {
    await tx.query(
      `INSERT INTO sms_codes (mobile, code_hash, tries_left, sent_at, expires_at)
       VALUES (?, ?, ?, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) + INTERVAL ? SECOND)`,
      [mobile, hash, TRIES_MAX, LIFETIME_SECONDS],
    );
  }
}

async function forget(tx: Tx, mobile: string, hash: Buffer): Promise<void> {
  await tx.query('DELETE FROM sms_codes WHERE mobile = ? AND code_hash = ?', [mobile, hash]);
}

/** The stored hash; undefined when there is no live code with a try left. */
async function spendTry(tx: Tx, mobile: string): Promise<Buffer | undefined> {
  const { affectedRows } = await tx.query<Written>(
    `UPDATE sms_codes SET tries_left = tries_left - 1
     WHERE mobile = ? AND tries_left > 0 AND expires_at > UTC_TIMESTAMP(3)`,
    [mobile],
  );
  if (affectedRows === 0) {
    return undefined;
  }
  const [row] = await tx.query<{ hash: Buffer }[]>(
    'SELECT code_hash AS hash FROM sms_codes WHERE mobile = ?',
    [mobile],
  );
  return row?.hash;
}

/**
 * Deletes codes that are over, the oldest first and at most `max`; answers how many. A code that was
 * used is over at once, but its row still says for a minute when the last one was sent.
 */
export async function deleteOldCodes(tx: Tx, max: number): Promise<number> {
  const { affectedRows } = await tx.query<Written>(
    `DELETE FROM sms_codes WHERE expires_at < UTC_TIMESTAMP(3) - INTERVAL ? SECOND
     ORDER BY expires_at LIMIT ?`,
    [INTERVAL_SECONDS, max],
  );
  return affectedRows;
}

function tooFrequent(): ShopError {
  return new ShopError('SMS_TOO_FREQUENT', { retryAfterSeconds: INTERVAL_SECONDS });
}
