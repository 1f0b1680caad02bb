import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ShopError } from '../common/errors.js';
import type { CommentDto } from './catalog.dto.js';

const SHOWN_MAX = 30;
/** 匿名 means anonymous; masked like a name, it shows nothing of one. */
const ANONYMOUS = '匿名';

/** What buyers have said of a SKU. */
@Injectable()
export class CommentReads {
  constructor(private readonly dataSource: DataSource) {}

  /** The newest comments, at most 30. NOT_FOUND when the SKU is not on sale. */
  async ofSku(skuId: number): Promise<CommentDto[]> {
    const [sku] = await this.dataSource.query<unknown[]>(
      'SELECT id FROM skus WHERE id = ? AND is_launched = TRUE',
      [skuId],
    );
    if (!sku) {
      throw new ShopError('NOT_FOUND');
    }
    const rows = await this.dataSource.query<
      { score: number; comment: string; anonymous: number; username: string }[]
    >(
      `SELECT c.score, c.comment, c.is_anonymous AS anonymous, u.username
       FROM comments c JOIN users u ON u.id = c.user_id
       WHERE c.sku_id = ? ORDER BY c.id DESC LIMIT ?`,
      [skuId, SHOWN_MAX],
    );
    return rows.map(({ score, comment, anonymous, username }) => ({
      score,
      comment,
      username: masked(anonymous ? ANONYMOUS : username),
    }));
  }
}

/** `python` becomes `p***n`, whatever its length. */
function masked(name: string): string {
  const characters = [...name];
  return `${characters[0] ?? ''}***${characters.at(-1) ?? ''}`;
}
