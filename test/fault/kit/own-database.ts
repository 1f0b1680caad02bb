import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { type Database, startDatabase } from '../../../scripts/lib/mariadb.mjs';
import { freePort } from '../../../scripts/lib/ports.mjs';
import { databaseOptions } from '../../../src/database/options.js';
import { prepareSessions } from '../../../src/database/session.js';
import type { TestDatabase } from '../../kit/database.js';

/** Not the one of the folder, whose file a power cut may take. */
const PASSWORD = 'only-for-tests';

export interface OwnDatabaseOptions {
  /** Folder of the server; left out: a temporary one, gone with the server. */
  readonly dir?: string;
  /** `innodb_flush_log_at_trx_commit`: only 1 keeps what was acknowledged. */
  readonly flush?: 0 | 1 | 2;
  /** More options of the server. */
  readonly options?: readonly string[];
}

/** A database server of a test alone, which may be killed, frozen and started again. */
export class OwnDatabase implements TestDatabase {
  readonly name = 'meiduo';
  private dataSourceMade?: DataSource;
  private admin?: DataSource;
  private server?: Database;
  private dead = false;

  private constructor(
    private readonly dir: string,
    private readonly port: number,
    private readonly settings: OwnDatabaseOptions,
  ) {}

  /** Starts one, with the newest schema and nothing in it. */
  static async start(settings: OwnDatabaseOptions = {}): Promise<OwnDatabase> {
    const dir = settings.dir ?? mkdtempSync(join(tmpdir(), 'meiduo-fault-'));
    const own = new OwnDatabase(dir, await freePort(), settings);
    try {
      await own.up();
      await own.dataSource.runMigrations({ transaction: 'each' });
    } catch (error) {
      await own.close();
      throw error;
    }
    return own;
  }

  get url(): string {
    return this.running.url;
  }

  get pid(): number {
    return this.running.pid;
  }

  get dataSource(): DataSource {
    if (!this.dataSourceMade) {
      throw new Error('the database was never started');
    }
    return this.dataSourceMade;
  }

  sql<T = Record<string, unknown>>(text: string, parameters?: unknown[]): Promise<T[]> {
    return this.dataSource.query(text, parameters);
  }

  /** Runs statements as an administrator, who gets in when nobody else does. */
  async asAdmin(...statements: string[]): Promise<void> {
    for (const statement of statements) {
      await this.admin?.query(statement);
    }
  }

  /** Starts the server, at the port it always has, and returns when it takes connections. */
  async up(): Promise<void> {
    const { flush = 1, options = [] } = this.settings;
    // What a power cut has left may hold the lock of the server that was killed.
    rmSync(join(this.dir, 'lock.json'), { force: true });
    this.server = await startDatabase({
      dir: this.dir,
      port: this.port,
      password: PASSWORD,
      durable: false,
      admin: true,
      options: [
        `--innodb-flush-log-at-trx-commit=${flush}`,
        // Who is lazy is not to be diligent once a second all the same.
        '--innodb-flush-log-at-timeout=2700',
        '--innodb-doublewrite=ON',
        ...options,
      ],
    });
    this.dead = false;
    void this.server.exited.then(() => (this.dead = true));
    this.dataSourceMade ??= await this.connect(this.server.url, 4);
    this.admin ??= await this.connect(
      this.server.url.replace(/\/\/[^@]*@/, `//admin:${PASSWORD}@`),
      1,
    );
  }

  /**
   * Where a commit is not flushed, everything so far is: so a kill loses what is committed from here
   * on, and nothing before it.
   */
  async keepSoFar(): Promise<void> {
    if (this.settings.flush === 0 || this.settings.flush === 2) {
      await this.asAdmin('FLUSH ENGINE LOGS');
    }
  }

  /** Ends the server as it is, and returns when it is gone. Its folder stays. */
  async kill(): Promise<void> {
    this.running.kill('SIGKILL');
    await this.running.exited;
    await this.running.stop();
  }

  /** Ends the server in good order: everything is in its files then. Its folder stays. */
  async down(): Promise<void> {
    await this.running.stop();
  }

  /** Stops the server in its tracks, or lets it go on: its connections stay open. */
  async freeze(frozen: boolean): Promise<void> {
    this.running.kill(frozen ? 'SIGSTOP' : 'SIGCONT');
    while (frozen !== this.isStopped()) {
      await delay(1);
    }
  }

  /** False when it has died by itself. */
  get isRunning(): boolean {
    return !this.dead;
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.dataSourceMade?.destroy(), this.admin?.destroy()]);
    await (this.server && this.kill());
    if (this.settings.dir === undefined) {
      rmSync(this.dir, { recursive: true, force: true });
    }
  }

  private isStopped(): boolean {
    return /\) T /.test(readFileSync(`/proc/${this.pid}/stat`, 'utf8'));
  }

  private get running(): Database {
    if (!this.server) {
      throw new Error('the database was never started');
    }
    return this.server;
  }

  private async connect(url: string, connections: number): Promise<DataSource> {
    const dataSource = await new DataSource({
      ...databaseOptions(url, connections),
      enableQueryTimeout: false,
    } as ReturnType<typeof databaseOptions>).initialize();
    await prepareSessions(dataSource);
    return dataSource;
  }
}
