import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { shanghaiTime } from '../../common/clock.js';
import { ShopError } from '../../common/errors.js';
import { type Page, type PageRequest, pageOf } from '../../common/pagination.js';
import { Config } from '../../config/config.js';
import { inTransaction, type Written } from '../../database/transaction.js';
import { refundWord, type RefundStatus } from '../../orders/refund-view.js';
import { deleteOldNotices, readParams, type StoredParams } from './notices.store.js';
import type { QUARANTINE_STATES, QuarantinedDto } from './quarantine.dto.js';

/** Rows deleted in one transaction, so that none is long. */
const DELETE_BATCH = 500;

type State = (typeof QUARANTINE_STATES)[number];

interface Row {
  id: number;
  verdict: string;
  source: string;
  outTradeNo: string | null;
  params: StoredParams;
  receivedAt: Date;
  resolvedAt: Date | null;
  resolvedBy: number | null;
  note: string | null;
  refundStatus: RefundStatus | null;
}

const WHERE: Readonly<Record<State, string>> = {
  open: 'quarantined = TRUE AND resolved_at IS NULL',
  resolved: 'quarantined = TRUE AND resolved_at IS NOT NULL',
  all: 'quarantined = TRUE',
};

const COLUMNS = `n.id, verdict, source, out_trade_no AS outTradeNo, params,
  received_at AS receivedAt, resolved_at AS resolvedAt, resolved_by AS resolvedBy, n.note,
  f.status AS refundStatus`;

/** By the number of the refund, which is text as the order of a message is. */
const REFUND = `LEFT JOIN odd_refunds f
  ON n.verdict = 'mismatch' AND f.out_request_no = CONCAT(n.out_trade_no, '-odd')`;

/** Genuine messages about money that fit no order of ours: a person looks at each of them. */
@Injectable()
export class QuarantineService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly config: Config,
  ) {}

  /** What waits for a person, newest first. */
  async page(state: State, request: PageRequest): Promise<Page<QuarantinedDto>> {
    const [total] = await this.dataSource.query<{ n: number }[]>(
      `SELECT COUNT(*) AS n FROM alipay_notices WHERE ${WHERE[state]}`,
    );
    const rows = await this.dataSource.query<Row[]>(
      // Among all notices few are odd: the index names them, and only the page is read in full.
      `SELECT ${COLUMNS}
       FROM (SELECT id AS pageId FROM alipay_notices WHERE ${WHERE[state]}
             ORDER BY id DESC LIMIT ? OFFSET ?) page
       JOIN alipay_notices n ON n.id = pageId ${REFUND} ORDER BY n.id DESC`,
      [request.size, (request.page - 1) * request.size],
    );
    const base = new URL('/admin/alipay/quarantine/', this.config.PUBLIC_URL);
    base.searchParams.set('state', state);
    return pageOf(request, total?.n ?? 0, rows.map(view), base);
  }

  /** Says what was done about it. Throws NOT_FOUND and QUARANTINE_RESOLVED. */
  async resolve(adminId: number, id: number, note: string): Promise<QuarantinedDto> {
    const row = await inTransaction(this.dataSource, async (tx) => {
      const { affectedRows } = await tx.query<Written>(
        `UPDATE alipay_notices SET resolved_at = UTC_TIMESTAMP(3), resolved_by = ?, note = ?
         WHERE id = ? AND quarantined AND resolved_at IS NULL`,
        [adminId, note, id],
      );
      const [now] = await tx.query<Row[]>(
        `SELECT ${COLUMNS} FROM alipay_notices n ${REFUND} WHERE n.id = ? AND quarantined`,
        [id],
      );
      if (!now) {
        throw new ShopError('NOT_FOUND');
      }
      if (affectedRows !== 1) {
        throw new ShopError('QUARANTINE_RESOLVED');
      }
      return now;
    });
    return view(row);
  }

  /** Deletes notices older than NOTICE_KEEP_DAYS, but none that waits for a person. */
  async deleteOld(stop?: AbortSignal): Promise<void> {
    const { NOTICE_KEEP_DAYS: days } = this.config;
    for (;;) {
      const more =
        stop?.aborted !== true &&
        (await inTransaction(this.dataSource, (tx) => deleteOldNotices(tx, days, DELETE_BATCH)));
      if (!more) {
        return;
      }
    }
  }
}

function view(row: Row): QuarantinedDto {
  return {
    id: row.id,
    verdict: row.verdict,
    source: row.source,
    out_trade_no: row.outTradeNo,
    params: readParams(row.params),
    receive_time: shanghaiTime(row.receivedAt),
    resolve_time: row.resolvedAt && shanghaiTime(row.resolvedAt),
    resolved_by: row.resolvedBy,
    note: row.note,
    refund_status: row.refundStatus && refundWord(row.refundStatus),
  };
}
