import { parseArgs } from 'node:util';
import { DataSource } from 'typeorm';
import { databaseOptions } from '../database/options.js';
import { prepareSessions } from '../database/session.js';
import { replay, type ReplayScope } from './replay.js';

const USAGE = `npm run replay -- --since 2026-11-22T08:00:00Z
  (in production node dist/src/webhooks/replay-cli.js, which reads DATABASE_URL)
  --since TIME   events from then on (ISO 8601, with a zone); required
  --until TIME   events before then
  --order ID     events of one order
  --url URL      to one of the endpoints
A running shop with WEBHOOK_URLS does the sending.
`;

/** The arguments make no sense; the message says which, and why. */
class UsageError extends Error {}

/**
 * Sends events once more: `--since` a time, optionally `--until`, `--order`, `--url`. Exits with 2
 * when the arguments make no sense and with 1 when the database does not allow it or no such
 * endpoint is there.
 */
function scopeOf(args: string[]): ReplayScope {
  const values = valuesOf(args);
  if (values.since === undefined) {
    throw new UsageError('--since is missing.');
  }
  const since = timeOf('--since', values.since);
  const until = values.until === undefined ? undefined : timeOf('--until', values.until);
  if (until && until <= since) {
    throw new UsageError('--until must be later than --since.');
  }
  return {
    since,
    ...(until === undefined ? {} : { until }),
    ...(values.order === undefined ? {} : { orderId: orderOf(values.order) }),
    ...(values.url === undefined ? {} : { url: urlOf(values.url) }),
  };
}

function valuesOf(args: string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({ args, options: { since: text, until: text, order: text, url: text } })
      .values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** A time without a zone would mean another one on every machine, so it is none. */
function timeOf(option: string, text: string): Date {
  const [, local = '', zone] = /^(\d{4}-.*?)(Z|[+-]\d\d:\d\d)?$/.exec(text) ?? [];
  const time = new Date(text);
  if (Number.isNaN(time.getTime()) || !isOfItsDay(local)) {
    throw new UsageError(`${option} must be a time such as 2026-11-22T08:00:00Z, not "${text}".`);
  }
  if (zone === undefined) {
    throw new UsageError(`${option} must name a zone, as in ${text}Z or ${text}+08:00.`);
  }
  return time;
}

/** February 30 would be read as March 2. */
function isOfItsDay(local: string): boolean {
  const time = new Date(`${local}Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(local.slice(0, 10));
}

function orderOf(text: string): string {
  if (!/^[1-9]\d{0,18}$/.test(text)) {
    throw new UsageError(`--order must be an order id, up to 19 digits, not "${text}".`);
  }
  return text;
}

function urlOf(text: string): string {
  if (!URL.canParse(text)) {
    throw new UsageError(`--url must be a URL, not "${text}".`);
  }
  return new URL(text).href;
}

async function run(scope: ReplayScope, url: string): Promise<void> {
  const dataSource = await new DataSource({
    ...databaseOptions(url, 2, process.env['DATABASE_TLS']),
    enableQueryTimeout: false,
  } as ReturnType<typeof databaseOptions>).initialize();
  try {
    await prepareSessions(dataSource);
    const { events, endpoints } = await replay(dataSource, scope);
    if (endpoints === 0) {
      throw new Error(
        scope.url === undefined
          ? 'nobody is sent events, since the shop has no WEBHOOK_URLS'
          : `${scope.url} is none of the WEBHOOK_URLS of the shop`,
      );
    }
    process.stdout.write(`${events} events will be sent again to ${endpoints} endpoint(s)\n`);
  } finally {
    await dataSource.destroy();
  }
}

try {
  const scope = scopeOf(process.argv.slice(2));
  const databaseUrl = process.env['DATABASE_URL'];
  if (!databaseUrl) {
    throw new UsageError('DATABASE_URL is not set.');
  }
  await run(scope, databaseUrl);
} catch (error) {
  const { message } = error as Error;
  const isUsage = error instanceof UsageError;
  process.stderr.write(isUsage ? `${message}\n\n${USAGE}` : `replay failed: ${message}\n`);
  process.exitCode = isUsage ? 2 : 1;
}
