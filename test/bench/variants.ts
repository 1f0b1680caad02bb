/** What is measured. Every name is a row of the table. */
export const VARIANTS = [
  'pessimistic',
  'optimistic',
  'queue',
  'textbook_orm',
  'textbook_sql',
  'noop',
  'bare',
  'raw',
] as const;
export type Variant = (typeof VARIANTS)[number];

/** What a server process can be: a variant, or an empty route of Nest. */
export type Program = Variant | 'nest';

/** hot: every order buys the same product; wide: three products of ten thousand. */
export const WORKLOADS = ['hot', 'wide'] as const;
export type Workload = (typeof WORKLOADS)[number];

/** ORDER_STRATEGY of the process that a program runs in; yardsticks take its place there. */
export function strategyOf(program: Program): string {
  return program === 'optimistic' || program === 'queue' ? program : 'pessimistic';
}

/** Whether orders of this program are rows in the end. */
export function writesOrders(program: Program): boolean {
  return program !== 'noop' && program !== 'bare' && program !== 'nest';
}
