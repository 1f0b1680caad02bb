import type { Exit } from './child.mjs';

export interface RedisOptions {
  /** Folder of this server alone: data, password, log. Made when missing. */
  dir: string;
  /** Left out: any free port. */
  port?: number;
  /** False: nothing is kept on disk. Left out: every write is on the disk when answered. */
  appendonly?: boolean;
  /** Told when a package has to be installed. */
  log?: (line: string) => void;
}

export interface Redis {
  host: string;
  port: number;
  password: string;
  /** redis://:password@host:port */
  url: string;
  pid: number;
  /** Settles when the server process is gone, however it went. */
  exited: Promise<Exit>;
  /** Sends a signal to the server, SIGKILL unless named. */
  kill(signal?: NodeJS.Signals): void;
  /** Shuts the server down cleanly and gives the folder free. */
  stop(): Promise<void>;
}

export function findRedis(): string | undefined;
export function ensureRedis(options?: { log?: (line: string) => void }): Promise<string>;
export function startRedis(options: RedisOptions): Promise<Redis>;
