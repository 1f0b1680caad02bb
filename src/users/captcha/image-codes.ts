import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ShopError } from '../../common/errors.js';
import { Config } from '../../config/config.js';
import { inTransaction, type Tx, type Written } from '../../database/transaction.js';
import { imageOf, randomText } from './captcha.js';

/** The id of an image, which the page chooses: a UUID. */
export const IMAGE_CODE_ID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

const LIFETIME_SECONDS = 300;
/** So many images are remembered; drawing one more forgets the oldest. */
const KEPT_MAX = 50_000;

/**
 * Texts on images that a person has to read before an SMS is sent: five minutes, one try, whether
 * it was right or not. Kept in the database, since the next request may reach another instance, and
 * only as a keyed hash, since four characters are guessed at once. Outside production the log tells
 * them, for whoever has no screen.
 */
@Injectable()
export class ImageCodes {
  private readonly logger = new Logger('ImageCode');
  private readonly key: Buffer;

  constructor(
    private readonly dataSource: DataSource,
    private readonly config: Config,
  ) {
    this.key = Buffer.from(hkdfSync('sha256', config.JWT_SECRET, '', 'image-codes', 32));
  }

  /** A new image under this id, as SVG; an older one of the same id is forgotten. */
  async draw(id: string): Promise<string> {
    const text = randomText();
    await inTransaction(this.dataSource, (tx) => keep(tx, id.toLowerCase(), this.hash(id, text)));
    if (this.config.NODE_ENV !== 'production') {
      this.logger.log(`Image code ${id.toLowerCase()}: ${text}`);
    }
    return imageOf(text);
  }

  /**
   * Uses the image up and compares, no matter in which case the text was typed. Throws
   * IMAGE_CODE_INVALID when there is no such image (any more) and IMAGE_CODE_WRONG.
   */
  async use(id: string | undefined, text: string | undefined): Promise<void> {
    if (id === undefined || !IMAGE_CODE_ID.test(id)) {
      throw new ShopError('IMAGE_CODE_INVALID');
    }
    const stored = await inTransaction(this.dataSource, (tx) => take(tx, id.toLowerCase()));
    if (!stored) {
      throw new ShopError('IMAGE_CODE_INVALID');
    }
    if (!timingSafeEqual(stored, this.hash(id, text ?? ''))) {
      throw new ShopError('IMAGE_CODE_WRONG');
    }
  }

  private hash(id: string, text: string): Buffer {
    const typed = `${id.toLowerCase()}:${text.trim().toUpperCase()}`;
    return createHmac('sha256', this.key).update(typed).digest();
  }
}

async function keep(tx: Tx, id: string, hash: Buffer): Promise<void> {
  const { insertId: seq } = await tx.query<Written>(
    `INSERT INTO image_codes (id, code_hash, expires_at)
     VALUES (?, ?, UTC_TIMESTAMP(3) + INTERVAL ? SECOND)
     ON DUPLICATE KEY UPDATE code_hash = VALUES(code_hash), expires_at = VALUES(expires_at)`,
    [id, hash, LIFETIME_SECONDS],
  );
  if (seq > KEPT_MAX) {
    await tx.query('DELETE FROM image_codes WHERE seq <= ?', [seq - KEPT_MAX]);
  }
}

/** The hash, for exactly one caller; undefined for everybody else and when the time is over. */
async function take(tx: Tx, id: string): Promise<Buffer | undefined> {
  const [row] = await tx.query<{ hash: Buffer; live: number }[]>(
    `SELECT code_hash AS hash, expires_at > UTC_TIMESTAMP(3) AS live
     FROM image_codes WHERE id = ?`,
    [id],
  );
  if (!row) {
    return undefined;
  }
  const { affectedRows } = await tx.query<Written>(
    'DELETE FROM image_codes WHERE id = ? AND code_hash = ?',
    [id, row.hash],
  );
  return affectedRows === 1 && row.live ? row.hash : undefined;
}
