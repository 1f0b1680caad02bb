/** TLS to the database: whoever it is must prove it (needs a build). */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, startDatabase } from '../../scripts/lib/mariadb.mjs';

const openssl = spawnSync('openssl', ['version']).status === 0;
if (!openssl) {
  console.log('Skipped TLS to the database: no openssl was found to make a certificate.');
}

describe.skipIf(!openssl)('DATABASE_TLS=on', () => {
  let dir: string;
  let server: Database;
  let url: string;

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'meiduo-tls-'));
    certificate('right', 'localhost');
    certificate('other', 'db.other.example');
    server = await start('right');
  });
  afterAll(async () => {
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  function certificate(name: string, host: string): void {
    const files = ['-keyout', join(dir, `${name}.key`), '-out', join(dir, `${name}.pem`)];
    const subject = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`];
    const kind = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2'];
    execFileSync('openssl', [...kind, ...files, ...subject], { stdio: 'ignore' });
  }

  async function start(name: string): Promise<Database> {
    const started = await startDatabase({
      dir: join(dir, 'database'),
      durable: false,
      options: [
        `--ssl-cert=${join(dir, `${name}.pem`)}`,
        `--ssl-key=${join(dir, `${name}.key`)}`,
        '--require-secure-transport=ON',
      ],
    });
    url = started.url.replace('@127.0.0.1:', '@localhost:');
    return started;
  }

  /** Brings the schema up to date, as the first thing that talks to a database. */
  function migrate(environment: Record<string, string>) {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['dist/src/database/migrate.js'],
      { env: { PATH: process.env['PATH'], DATABASE_URL: url, ...environment }, encoding: 'utf8' },
    );
    return { status, output: stdout + stderr };
  }
  const trusting = (name: string) => ({ NODE_EXTRA_CA_CERTS: join(dir, `${name}.pem`) });

  it('reaches a server that proves who it is, and off does not', () => {
    expect(migrate({ DATABASE_TLS: 'on', ...trusting('right') })).toEqual({
      status: 0,
      output: expect.stringContaining('migrations applied'),
    });
    expect(migrate({ DATABASE_TLS: 'off' }).status).toBe(1);
  });

  it('refuses a certificate nobody vouches for', () => {
    const { status, output } = migrate({ DATABASE_TLS: 'on' });
    expect([status, output]).toEqual([1, expect.stringContaining('certificate')]);
  });

  it('refuses a genuine certificate of another server', async () => {
    await server.stop();
    server = await start('other');
    const { status, output } = migrate({ DATABASE_TLS: 'on', ...trusting('other') });
    expect([status, output]).toEqual([1, expect.stringMatching(/altnames|Hostname/i)]);
  });
});
