/** A failure that a person can put right: shown as its one sentence, without a stack trace. */
export class Problem extends Error {
  readonly exitCode: number;
  constructor(message: string, exitCode?: number);
}
export function report(error: unknown): void;
export function runMain(main: () => Promise<void>): Promise<void>;
