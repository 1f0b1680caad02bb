import { Injectable } from '@nestjs/common';

/** Faults that hit a request before its work is done; each exists as `…_after` too. */
const WORK_FAULTS = [
  'hang',
  'reset',
  'http_500',
  'garbage',
  'system_error',
  'unknown',
  'inconsistent',
  'fund_change_n',
] as const;

/** Faults that spoil the answer to work that was done; each exists as `…_before` too. */
const SIGN_FAULTS = ['bad_sign', 'no_sign', 'foreign_sign', 'tamper'] as const;

/** A replayed answer is another request's, so it has no work of its own that could be left undone. */
const ANSWER_FAULTS = [...SIGN_FAULTS, 'replay'] as const;

export type WorkFault = (typeof WORK_FAULTS)[number];
export type AnswerFault = (typeof ANSWER_FAULTS)[number];
type SignFault = (typeof SIGN_FAULTS)[number];
export type FaultKind = WorkFault | `${WorkFault}_after` | AnswerFault | `${SignFault}_before`;

export const FAULT_KINDS: readonly FaultKind[] = [
  ...WORK_FAULTS,
  ...WORK_FAULTS.map((kind) => `${kind}_after` as const),
  ...ANSWER_FAULTS,
  ...SIGN_FAULTS.map((kind) => `${kind}_before` as const),
];

export interface FaultRule {
  /** A method's full name, or `*` for all of them. */
  method: string;
  kind: FaultKind;
  /** How many requests it still hits. */
  left: number;
  /** Only requests about this order, when set. */
  outTradeNo?: string;
}

/** The faults waiting for requests. They live in memory: a restart is a clean start. */
@Injectable()
export class Faults {
  private rules: FaultRule[] = [];

  list(): readonly FaultRule[] {
    return this.rules;
  }

  add(rule: FaultRule): void {
    this.rules.push({ ...rule });
  }

  clear(): void {
    this.rules = [];
  }

  /** The fault this request meets, if any; it is used up by it. */
  take(method: string, outTradeNo: unknown): FaultKind | undefined {
    const rule = this.rules.find(
      (entry) =>
        (entry.method === '*' || entry.method === method) &&
        (entry.outTradeNo === undefined || entry.outTradeNo === outTradeNo),
    );
    if (!rule) return undefined;
    rule.left -= 1;
    this.rules = this.rules.filter((entry) => entry.left > 0);
    return rule.kind;
  }
}

/** Which fault the kind is, and whether the work is done all the same. */
export function timing(kind: FaultKind): { fault: WorkFault | AnswerFault; done: boolean } {
  const fault = kind.replace(/_(after|before)$/, '') as WorkFault | AnswerFault;
  const done = isAnswerFault(fault) ? !kind.endsWith('_before') : kind.endsWith('_after');
  return { fault, done };
}

export function isAnswerFault(fault: WorkFault | AnswerFault): fault is AnswerFault {
  return (ANSWER_FAULTS as readonly string[]).includes(fault);
}
