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

/** ORDER_STRATEGY of the process that a variant runs in; yardsticks take its place there. */
export function strategyOf(variant: Program): string {
  return variant === 'optimistic' || variant === 'queue' ? variant : 'pessimistic';
}

/** Whether orders of this variant are rows in the end. */
export function writesOrders(variant: Program): boolean {
  return variant !== 'noop' && variant !== 'bare' && variant !== 'nest';
}
