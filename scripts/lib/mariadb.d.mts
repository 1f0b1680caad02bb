import type { Exit } from './child.mjs';

export interface ServerProgram {
  /** Absolute path of the server's binary. */
  file: string;
  family: 'mariadb' | 'mysql';
  version: string;
}

export interface DatabaseOptions {
  /** Folder of this server alone: data, password, log. Made when missing. */
  dir: string;
  /** Left out: any free port. */
  port?: number;
  user?: string;
  /** Left out: random, made once and kept in `dir` with mode 0600. */
  password?: string;
  database?: string;
  /** More server options, for example `--innodb-lock-wait-timeout=2`. They win. */
  options?: string[];
  /** False: no flush per commit, and a new data folder is copied from a template. For tests. */
  durable?: boolean;
  /** True: the user may create and use any database, and see all processes. For tests. */
  createDatabases?: boolean;
  /** True: there is also a user `admin` with the same password who may do everything. For tests. */
  admin?: boolean;
  /** Told when a package has to be installed. */
  log?: (line: string) => void;
}

export interface Database {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  /** mysql://user:password@host:port/database */
  url: string;
  pid: number;
  /** Settles when the server process is gone, however it went. */
  exited: Promise<Exit>;
  /** Sends a signal to the server, SIGKILL unless named. */
  kill(signal?: NodeJS.Signals): void;
  /** Shuts the server down cleanly and gives the folder free. */
  stop(): Promise<void>;
}

export function findServer(): ServerProgram | undefined;
export function ensureServer(options?: { log?: (line: string) => void }): Promise<ServerProgram>;
export function runningDatabase(dir: string): string | undefined;
export function startDatabase(options: DatabaseOptions): Promise<Database>;
