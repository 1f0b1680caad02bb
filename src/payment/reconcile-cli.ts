import { parseArgs } from 'node:util';
import { DataSource } from 'typeorm';
import { shanghaiTime } from '../common/clock.js';
import { yuan } from '../common/money.js';
import { readConfig } from '../config/read-config.js';
import { databaseOptions } from '../database/options.js';
import { prepareSessions } from '../database/session.js';
import type { Difference } from './bill/bill-rules.js';
import { BillService } from './bill/bill.service.js';
import { AlipayGateway } from './gateway/alipay.gateway.js';

/**
 * `node dist/src/payment/reconcile-cli.js [--date YYYY-MM-DD]`: compares Alipay's bill of a day
 * (yesterday, unless named) with our books. Exit 0: they are equal; 1: they differ; 2: the
 * comparison could not be made.
 */
process.env['TZ'] = 'Asia/Shanghai';

const DAY_MS = 86_400_000;
process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 2;
});

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { date: { type: 'string' } } });
  const date = values.date ?? shanghaiTime(new Date(Date.now() - DAY_MS)).slice(0, 10);
  const config = readConfig(process.env);
  const dataSource = await new DataSource(
    databaseOptions(config.DATABASE_URL, 2, config.DATABASE_TLS),
  ).initialize();
  try {
    await prepareSessions(dataSource);
    const bills = new BillService(dataSource, new AlipayGateway(config), config);
    const report = await bills.compareDay(date);
    if (!report) {
      process.stderr.write(`There is no bill of ${date} (yet).\n`);
      return 2;
    }
    const { payments, refunds, differences } = report;
    process.stdout.write(`${date}: ${payments} payments, ${refunds} refunds in the bill\n`);
    process.stdout.write(differences.map(line).join('') || 'No difference.\n');
    return differences.length === 0 ? 0 : 1;
  } finally {
    await dataSource.destroy();
  }
}

function line({ kind, outTradeNo, outRequestNo, oursFen, theirsFen }: Difference): string {
  const amount = (fen: number | null): string => (fen === null ? 'none' : yuan(fen));
  const what = outRequestNo ? `refund ${outRequestNo}` : `payment ${outTradeNo}`;
  return `${kind}: ${what}: ours ${amount(oursFen)}, Alipay ${amount(theirsFen)}\n`;
}
