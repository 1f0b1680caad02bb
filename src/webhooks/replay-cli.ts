import { parseArgs } from 'node:util';
import { DataSource } from 'typeorm';
import { databaseOptions } from '../database/options.js';
import { prepareSessions } from '../database/session.js';
import { replay, type ReplayScope } from './replay.js';

const USAGE = `node dist/src/webhooks/replay-cli.js --since 2026-11-22T08:00:00Z
  --since TIME   events from then on (ISO 8601, with a zone); required
  --until TIME   events before then
  --order ID     events of one order
  --url URL      to one of the endpoints
Reads DATABASE_URL. A running shop with WEBHOOK_URLS does the sending.
`;

/**
 * Sends events once more: `--since` a time, optionally `--until`, `--order`, `--url`. Exits with 2
 * when the arguments make no sense and with 1 when the database does not allow it.
 */
function scopeOf(args: string[]): ReplayScope | undefined {
  try {
    const text = { type: 'string' } as const;
    const options = { since: text, until: text, order: text, url: text };
    const { values } = parseArgs({ args, options });
    const since = timeOf(values.since);
    const until = timeOf(values.until);
    if (!since || (values.until !== undefined && !until)) {
      return undefined;
    }
    return {
      since,
      ...(until ? { until } : {}),
      ...(values.order === undefined ? {} : { orderId: values.order }),
      ...(values.url === undefined ? {} : { url: new URL(values.url).href }),
    };
  } catch {
    return undefined;
  }
}

/** A time without a zone would mean another one on every machine, so it is none. */
function timeOf(text: string | undefined): Date | undefined {
  const zoned = text !== undefined && /(Z|[+-]\d\d:\d\d)$/.test(text);
  const time = zoned ? new Date(text) : undefined;
  return time && !Number.isNaN(time.getTime()) ? time : undefined;
}

async function run(scope: ReplayScope, url: string): Promise<void> {
  const dataSource = await new DataSource({
    ...databaseOptions(url, 2, process.env['DATABASE_TLS']),
    enableQueryTimeout: false,
  } as ReturnType<typeof databaseOptions>).initialize();
  try {
    await prepareSessions(dataSource);
    const { events, endpoints } = await replay(dataSource, scope);
    process.stdout.write(`${events} events will be sent again to ${endpoints} endpoint(s)\n`);
  } finally {
    await dataSource.destroy();
  }
}

const scope = scopeOf(process.argv.slice(2));
const databaseUrl = process.env['DATABASE_URL'];
if (!scope || !databaseUrl) {
  process.stderr.write(scope ? 'DATABASE_URL is not set\n' : USAGE);
  process.exit(2);
}
try {
  await run(scope, databaseUrl);
} catch (error) {
  process.stderr.write(`replay failed: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
