import { formatBeijing, parseBeijing } from './beijing-time.js';
import { yuan } from './money.js';
import type { Trade } from './trade.js';

const DAY_MS = 24 * 3_600_000;

/** The Beijing time a bill covers; `toMs` is the first instant after it. */
interface BillPeriod {
  fromMs: number;
  toMs: number;
}

interface BillRow {
  trade: Trade;
  kind: '交易' | '退款';
  atMs: number;
  amountFen: number;
  requestNo: string;
}

/** Reads `bill_date`: a day (`yyyy-MM-dd`) or a month (`yyyy-MM`); undefined for anything else. */
export function billPeriod(billDate: string): BillPeriod | undefined {
  if (/^\d{4}-\d{2}$/.test(billDate)) {
    const fromMs = parseBeijing(`${billDate}-01 00:00:00`);
    if (fromMs === undefined) return undefined;
    const inNextMonth = formatBeijing(fromMs + 31 * DAY_MS).slice(0, 7);
    return { fromMs, toMs: parseBeijing(`${inNextMonth}-01 00:00:00`) ?? fromMs };
  }
  const fromMs = parseBeijing(`${billDate} 00:00:00`);
  return fromMs === undefined ? undefined : { fromMs, toMs: fromMs + DAY_MS };
}

/** The detailed bill of a period: one row for each payment and each refund made in it. */
export function billDetails(
  trades: Iterable<Trade>,
  period: BillPeriod,
  people: { sellerId: string; nowMs: number; buyerName: (trade: Trade) => string },
): string {
  const rows = billRows(trades, period);
  const lines = [
    '#支付宝业务明细查询',
    ...billHead(people.sellerId, period),
    '#-----------------------------------------业务明细列表----------------------------------------',
    DETAIL_COLUMNS.join(','),
    ...rows.map((row) => detailLine(row, people.buyerName(row.trade))),
    '#-----------------------------------------业务明细列表结束------------------------------------',
    ...billTotals(rows),
    `#导出时间：[${chineseTime(people.nowMs)}]`,
  ];
  return `${lines.join('\r\n')}\r\n`;
}

/** The summary that lies beside the details in the archive. */
export function billSummary(trades: Iterable<Trade>, period: BillPeriod, sellerId: string): string {
  const rows = billRows(trades, period);
  const paid = rows.filter((row) => row.kind === '交易');
  const refunds = rows.filter((row) => row.kind === '退款');
  const total = yuan(sumFen(rows));
  const values = [
    '',
    '合计',
    paid.length,
    refunds.length,
    yuan(sumFen(paid)),
    total,
    '0.00',
    total,
  ];
  const lines = [
    '#支付宝业务汇总查询',
    ...billHead(sellerId, period),
    '门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,服务费（元）,实收净额（元）',
    values.join(','),
  ];
  return `${lines.join('\r\n')}\r\n`;
}

const DETAIL_COLUMNS = [
  '支付宝交易号',
  '商户订单号',
  '业务类型',
  '商品名称',
  '创建时间',
  '完成时间',
  '门店编号',
  '门店名称',
  '操作员',
  '终端号',
  '对方账户',
  '订单金额（元）',
  '商家实收（元）',
  '支付宝红包（元）',
  '集分宝（元）',
  '支付宝优惠（元）',
  '商家优惠（元）',
  '券核销金额（元）',
  '券名称',
  '商家红包消费金额（元）',
  '卡消费金额（元）',
  '退款批次号/请求号',
  '服务费（元）',
  '分润（元）',
  '备注',
];

function billRows(trades: Iterable<Trade>, period: BillPeriod): BillRow[] {
  const rows: BillRow[] = [];
  for (const trade of trades) {
    if (trade.paidMs === undefined || trade.hiddenFromBill) continue;
    const amountFen = trade.order.totalFen;
    rows.push({ trade, kind: '交易', atMs: trade.paidMs, amountFen, requestNo: '' });
    for (const { refundedMs: atMs, amountFen: backFen, outRequestNo } of trade.refunds) {
      rows.push({ trade, kind: '退款', atMs, amountFen: -backFen, requestNo: outRequestNo });
    }
  }
  return rows
    .filter((row) => row.atMs >= period.fromMs && row.atMs < period.toMs)
    .sort((a, b) => a.atMs - b.atMs);
}

/** Texts end in a tab, as in genuine bills, so that a spreadsheet keeps long numbers whole. */
function detailLine(row: BillRow, buyerName: string): string {
  const { trade, kind, atMs, amountFen, requestNo } = row;
  const amount = yuan(amountFen);
  const texts = [
    trade.id,
    trade.order.outTradeNo,
    kind,
    plain(trade.order.subject),
    formatBeijing(trade.createdMs),
    formatBeijing(atMs),
    '',
    '',
    '',
    '',
    plain(buyerName),
  ];
  const zeros = ['0.00', '0.00', '0.00', '0.00', '0.00'];
  const amounts = [amount, amount, ...zeros, '', '0.00', '0.00', requestNo, '0.00', '0.00', ''];
  return [...texts.map((text) => `${text}\t`), ...amounts].join(',');
}

function billHead(sellerId: string, period: BillPeriod): string[] {
  const [from, to] = [chineseTime(period.fromMs), chineseTime(period.toMs)];
  return [`#账号：[${sellerId}]`, `#起始日期：[${from}]   终止日期：[${to}]`];
}

function billTotals(rows: readonly BillRow[]): string[] {
  const paid = rows.filter((row) => row.kind === '交易');
  const refunds = rows.filter((row) => row.kind === '退款');
  const [paidSum, refundSum] = [yuan(sumFen(paid)), yuan(sumFen(refunds))];
  return [
    `#交易合计：${paid.length}笔，商家实收共${paidSum}元，商家优惠共0.00元`,
    `#退款合计：${refunds.length}笔，商家实收退款共${refundSum}元，商家优惠退款共0.00元`,
  ];
}

function sumFen(rows: readonly BillRow[]): number {
  return rows.reduce((sum, row) => sum + row.amountFen, 0);
}

function chineseTime(instantMs: number): string {
  const [date = '', time = ''] = formatBeijing(instantMs).split(' ');
  const [year, month, day] = date.split('-');
  return `${year}年${month}月${day}日 ${time}`;
}

/** A comma or a line break inside a value would move every column after it. */
function plain(value: string): string {
  return value.replace(/[,\r\n\t]/g, ' ');
}
