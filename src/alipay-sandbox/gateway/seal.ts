import { answerText, joinAnswer } from '../rules/envelope.js';
import { signRsa2 } from '../rules/signing.js';
import type { KeyRing } from '../store/key-ring.js';
import type { AnswerFault } from './faults.js';

type Payload = Record<string, unknown>;

/** Signs an answer, or spoils it on the way out the way the fault says. */
export function seal(key: string, payload: Payload, keys: KeyRing, fault?: AnswerFault): string {
  const text = answerText(payload);
  switch (fault) {
    case 'no_sign':
      return joinAnswer(key, text);
    case 'bad_sign':
      return joinAnswer(key, text, signRsa2(`${text} `, keys.alipayPrivateKey));
    case 'foreign_sign':
      return joinAnswer(key, text, signRsa2(text, keys.foreignPrivateKey));
    case 'tamper':
      return joinAnswer(key, answerText(forged(payload)), signRsa2(text, keys.alipayPrivateKey));
    // A replayed answer is genuine in every respect; the payload is already another order's.
    case 'replay':
    case undefined:
      return joinAnswer(key, text, signRsa2(text, keys.alipayPrivateKey));
  }
}

/** What somebody between gateway and merchant would like the merchant to believe. */
function forged(payload: Payload): Payload {
  return {
    ...payload,
    code: '10000',
    msg: 'Success',
    trade_status: 'TRADE_SUCCESS',
    total_amount: '0.01',
    fund_change: 'Y',
  };
}
