import type { ChildProcess, StdioOptions } from 'node:child_process';

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface Child {
  pid: number;
  process: ChildProcess;
  /** Settles when the process is gone, never rejects. */
  exited: Promise<Exit>;
  isRunning(): boolean;
  /** SIGTERM, and SIGKILL after the timeout. */
  stop(timeoutMs?: number): Promise<Exit>;
}

export interface ChildOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  stdio?: StdioOptions;
}

export function findProgram(names: string[], more?: string[]): string | undefined;
export function startChild(command: string, args: string[], options?: ChildOptions): Child;
