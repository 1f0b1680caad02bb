import {
  GatewayUnknownError,
  type PaymentGateway,
  type RefundRequest,
} from '../gateway/payment-gateway.js';
import type { TryOutcome } from './refund-rules.js';

/** A refund one instance is to try now. */
export interface DueRefund extends RefundRequest {
  /** This try included. */
  readonly attempts: number;
}

/** What a try came to, with what the gateway said and when it says the money moved. */
export interface Try {
  readonly outcome: TryOutcome;
  readonly answer: string;
  readonly at?: Date | undefined;
}

/** Sends a refund to the gateway, after asking what became of earlier tries. Outside of any transaction. */
export async function tryRefund(gateway: PaymentGateway, refund: DueRefund): Promise<Try> {
  try {
    // An earlier try may have moved the money and lost the answer.
    const earlier = refund.attempts > 1 ? await stateOf(gateway, refund) : undefined;
    return earlier ?? (await send(gateway, refund));
  } catch (error) {
    if (error instanceof GatewayUnknownError) {
      return { outcome: 'later', answer: error.message };
    }
    throw error;
  }
}

async function send(gateway: PaymentGateway, refund: DueRefund): Promise<Try> {
  const answer = await gateway.refund(refund);
  switch (answer.kind) {
    case 'moved':
      return { outcome: 'done', answer: 'fund_change=Y', at: answer.at };
    case 'poor':
      return { outcome: 'poor', answer: 'SELLER_BALANCE_NOT_ENOUGH' };
    case 'not_moved':
      return (await stateOf(gateway, refund)) ?? { outcome: 'later', answer: 'fund_change=N' };
    case 'refused':
      return (await stateOf(gateway, refund)) ?? { outcome: 'failed', answer: answer.code };
  }
}

/** The refund query decides: done, or undefined. */
async function stateOf(gateway: PaymentGateway, refund: DueRefund): Promise<Try | undefined> {
  const state = await gateway.refundState(refund);
  return state.kind === 'done'
    ? { outcome: 'done', answer: 'REFUND_SUCCESS', at: state.at }
    : undefined;
}
