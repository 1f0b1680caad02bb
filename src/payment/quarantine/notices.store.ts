import type { Tx, Written } from '../../database/transaction.js';
import type { TradeFacts } from '../gateway/payment-gateway.js';
import type { SignedFields } from '../gateway/signature.js';

/**
 * Keeps a genuine notify as it was received, with what became of it. `odd`: a person has to look at
 * it; the gateway sends what was not acknowledged eight times, and the first of them is enough,
 * unless another says something else under the same id.
 * Answers whether it waits for a person.
 */
export async function keepNotice(
  tx: Tx,
  fields: SignedFields,
  verdict: string,
  odd: boolean,
): Promise<boolean> {
  const quarantined = odd && !(await waitsOrWaited(tx, fields, verdict));
  await tx.query(
    `INSERT INTO alipay_notices (notify_id, out_trade_no, verdict, quarantined, params)
     VALUES (?, ?, ?, ?, ?)`,
    [
      fields['notify_id']?.slice(0, 128),
      fields['out_trade_no']?.slice(0, 64),
      verdict,
      quarantined,
      JSON.stringify(fields),
    ],
  );
  return quarantined;
}

/** What is another in every copy of a notify: when it was sent, and the signature over that. */
const OF_THE_COPY: ReadonlySet<string> = new Set(['notify_time', 'sign']);

/** Whether an earlier copy of the notify was put before a person; one that says otherwise is none. */
async function waitsOrWaited(tx: Tx, fields: SignedFields, verdict: string): Promise<boolean> {
  const rows = await tx.query<{ params: StoredParams }[]>(
    `SELECT params FROM alipay_notices
     WHERE out_trade_no = ? AND notify_id = ? AND verdict = ? AND quarantined`,
    [fields['out_trade_no']?.slice(0, 64), fields['notify_id']?.slice(0, 128), verdict],
  );
  const said = contentOf(fields);
  return rows.some(({ params }) => contentOf(readParams(params)) === said);
}

function contentOf(fields: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(fields).filter((name) => !OF_THE_COPY.has(name));
  return JSON.stringify(names.sort().map((name) => [name, fields[name]]));
}

/** MySQL's JSON comes parsed, MariaDB's as text. */
export type StoredParams = string | Record<string, unknown>;

export function readParams(params: StoredParams): Record<string, unknown> {
  return typeof params === 'string' ? (JSON.parse(params) as Record<string, unknown>) : params;
}

/** Says of all messages about money of an order that did not fit what was done about it. */
export async function resolveMismatches(
  tx: Tx,
  orderId: string,
  adminId: number,
  note: string,
): Promise<void> {
  await tx.query(
    `UPDATE alipay_notices SET resolved_at = UTC_TIMESTAMP(3), resolved_by = ?, note = ?
     WHERE out_trade_no = ? AND verdict = 'mismatch' AND quarantined AND resolved_at IS NULL`,
    [adminId, note, orderId],
  );
}

/** Longer ones are no notify: genuine ones have some 2,000 characters. */
const REFUSED_CHARS_MAX = 8000;
/** What is not Alipay's is of use while somebody looks for a fault in the settings. */
const REFUSED_KEEP_DAYS = 30;

/** Keeps what is not Alipay's as it came. Nothing in it is believed, so it is nobody's notice. */
export async function keepRefused(tx: Tx, body: unknown): Promise<void> {
  const text = JSON.stringify(body ?? null);
  const params =
    text.length > REFUSED_CHARS_MAX
      ? JSON.stringify({ beginning: text.slice(0, REFUSED_CHARS_MAX) })
      : text;
  await tx.query(`INSERT INTO alipay_notices (verdict, params) VALUES ('refused', ?)`, [params]);
}

/** Which notices are old, each kind by an index of its own. What waits for a person never is. */
const OLD = [
  `verdict = 'refused'`,
  'quarantined = FALSE',
  'quarantined = TRUE AND resolved_at IS NOT NULL',
] as const;

/**
 * Deletes old notices, the oldest first and at most `max` of each kind; answers whether there may be
 * more of them.
 */
export async function deleteOldNotices(tx: Tx, keepDays: number, max: number): Promise<boolean> {
  let more = false;
  for (const old of OLD) {
    const days = old === OLD[0] ? Math.min(keepDays, REFUSED_KEEP_DAYS) : keepDays;
    const { affectedRows } = await tx.query<Written>(
      `DELETE FROM alipay_notices
       WHERE ${old} AND received_at < UTC_TIMESTAMP(3) - INTERVAL ? DAY
       ORDER BY received_at LIMIT ?`,
      [days, max],
    );
    more ||= affectedRows === max;
  }
  return more;
}

/**
 * Keeps facts from a query that fit no order of ours; answers whether they are new. The same question
 * is asked again and again, so there is one row for a trade and its amount, also when a person has
 * dealt with it.
 */
export async function keepOdd(
  tx: Tx,
  facts: TradeFacts,
  source: string,
  verdict: string,
): Promise<boolean> {
  const outTradeNo = facts.outTradeNo.slice(0, 64);
  const total = facts.totalFen === undefined ? null : String(facts.totalFen);
  const { affectedRows } = await tx.query<Written>(
    `INSERT INTO alipay_notices (out_trade_no, verdict, quarantined, source, params)
     SELECT ?, ?, TRUE, ?, ? FROM DUAL WHERE NOT EXISTS (
       SELECT 1 FROM alipay_notices n WHERE n.out_trade_no = ? AND n.verdict = ?
         AND n.source = ? AND n.quarantined AND JSON_VALUE(n.params, '$.tradeNo') = ?
         AND JSON_VALUE(n.params, '$.totalFen') <=> ?)`,
    [
      outTradeNo,
      verdict,
      source,
      JSON.stringify(facts),
      outTradeNo,
      verdict,
      source,
      facts.tradeNo,
      total,
    ],
  );
  return affectedRows === 1;
}
