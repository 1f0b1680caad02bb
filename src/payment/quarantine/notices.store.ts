import type { Tx } from '../../database/transaction.js';
import type { TradeFacts } from '../gateway/payment-gateway.js';
import type { SignedFields } from '../gateway/signature.js';

/** Keeps a genuine notify as it was received, with what became of it. */
export async function keepNotice(
  tx: Tx,
  fields: SignedFields,
  verdict: string,
  quarantined: boolean,
): Promise<void> {
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
}

/**
 * Keeps facts from a query that fit no order of ours. The same question is asked again and again, so
 * there is one row as long as nobody has dealt with it.
 */
export async function keepOdd(
  tx: Tx,
  facts: TradeFacts,
  source: string,
  verdict: string,
): Promise<void> {
  const outTradeNo = facts.outTradeNo.slice(0, 64);
  await tx.query(
    `INSERT INTO alipay_notices (out_trade_no, verdict, quarantined, source, params)
     SELECT ?, ?, TRUE, ?, ? FROM DUAL WHERE NOT EXISTS (
       SELECT 1 FROM alipay_notices n WHERE n.out_trade_no = ? AND n.verdict = ?
         AND n.source = ? AND n.quarantined AND n.resolved_at IS NULL)`,
    [outTradeNo, verdict, source, JSON.stringify(facts), outTradeNo, verdict, source],
  );
}
