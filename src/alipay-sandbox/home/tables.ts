import type { RequestEntry } from '../gateway/request-log.js';
import { formatBeijing } from '../rules/beijing-time.js';
import { yuan } from '../rules/money.js';
import { refundedFen, type Trade } from '../rules/trade.js';
import type { Notice, Warning } from '../store/records.js';
import { html, type Html } from '../web/html.js';

/** A column; numbers stand to the right, and `wide` texts may be broken anywhere. */
interface Column {
  readonly head: string;
  readonly kind?: 'num' | 'wide';
}

type Cell = Html | string | number | undefined | false;

const OPEN: readonly Notice['state'][] = ['due', 'held'];

const TONE: Record<Trade['status'], string> = {
  WAIT_BUYER_PAY: '',
  TRADE_SUCCESS: 'good',
  TRADE_FINISHED: 'good',
  TRADE_CLOSED: 'bad',
};

/** Doubtful things the merchant did. */
export function warnings(entries: readonly Warning[]): Html {
  const columns: Column[] = [
    { head: '代码 code' },
    { head: '关于 about' },
    { head: '说明 detail', kind: 'wide' },
    { head: '次数 times', kind: 'num' },
  ];
  const rows = entries.map(({ level, code, about, detail, count }) => [
    tag(code, level === 'warning' && 'bad'),
    about,
    detail,
    count,
  ]);
  return table('商家的可疑做法 · Doubtful habits of the merchant', columns, rows);
}

export function trades(entries: readonly Trade[]): Html {
  const columns: Column[] = [
    { head: '订单 order' },
    { head: '商品 subject', kind: 'wide' },
    { head: '状态 status' },
    { head: '金额 amount', kind: 'num' },
    { head: '已退 refunded', kind: 'num' },
    { head: '时间 time' },
  ];
  const rows = entries.map((trade) => {
    const refunded = refundedFen(trade);
    return [
      html`${trade.order.outTradeNo}<br /><span class="label">${trade.id}</span>`,
      trade.order.subject,
      tag(trade.status, TONE[trade.status]),
      `¥${yuan(trade.order.totalFen)}`,
      refunded > 0 && `−¥${yuan(refunded)}`,
      formatBeijing(trade.paidMs ?? trade.createdMs),
    ];
  });
  return table('交易 · Trades', columns, rows);
}

/** The notifications, each with its buttons: deliver, double, tamper, and lose what still waits. */
export function notices(entries: readonly Notice[]): Html {
  const columns: Column[] = [
    { head: '订单 order' },
    { head: '内容 about' },
    { head: '状态 state' },
    { head: '次数 times', kind: 'num' },
    { head: '最近的回答 last answer', kind: 'wide' },
    { head: '操作 actions' },
  ];
  const rows = entries.map((notice) => {
    const last = notice.deliveries.at(-1);
    return [
      notice.fields['out_trade_no'],
      notice.fields['trade_status'],
      tag(notice.state, notice.state === 'acknowledged' && 'good'),
      notice.attempts,
      last && `${last.status} ${last.answer.slice(0, 60)}`,
      html`<span class="row tight"
        >${noticeButton(notice, 'deliver', '送 send')} ${noticeButton(notice, 'double', '×2')}
        ${noticeButton(notice, 'tamper', '篡改 tamper')}
        ${OPEN.includes(notice.state) && noticeButton(notice, 'drop', '丢 drop')}</span
      >`,
    ];
  });
  return table('通知 · Notifications', columns, rows);
}

export function requests(entries: readonly RequestEntry[]): Html {
  const columns: Column[] = [
    { head: '时间 time' },
    { head: '方法 method' },
    { head: '订单 order' },
    { head: '结果 result', kind: 'wide' },
  ];
  const rows = entries.map((entry) => [
    formatBeijing(entry.atMs),
    entry.method,
    entry.outTradeNo,
    entry.result,
  ]);
  return table('网关请求 · Gateway requests', columns, rows);
}

/** A form of one button. `look` is a class of its own. */
export function button(
  action: string,
  label: string,
  fields: Record<string, string>,
  look: string | false = false,
): Html {
  const hidden = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  );
  return html`<form class="inline" method="post" action="${action}">
    ${hidden}<button class="${look}">${label}</button>
  </form>`;
}

function noticeButton(notice: Notice, action: string, label: string): Html {
  return button('/home/notice', label, { action, notify_id: notice.id });
}

function tag(text: string, tone: string | false): Html {
  return html`<span class="tag ${tone}">${text}</span>`;
}

/** On a phone each row becomes a block, and its cells are named by `data-head`. */
function table(title: string, columns: readonly Column[], rows: readonly Cell[][]): Html {
  if (rows.length === 0) {
    return html`<h2>${title}</h2>
      <p class="label">暂无 · nothing yet</p>`;
  }
  const cell = (value: Cell, i: number): Html => {
    const { head = '', kind } = columns[i] ?? {};
    const isEmpty = value === undefined || value === false || value === '';
    return html`<td class="${kind} ${isEmpty && 'empty'}" data-head="${head}">
      <div>${value}</div>
    </td>`;
  };
  return html`<h2>${title}</h2>
    <table>
      <thead>
        <tr>
          ${columns.map(({ head, kind }) => html`<th class="${kind}">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (cells) =>
            html`<tr>
              ${cells.map(cell)}
            </tr>`,
        )}
      </tbody>
    </table>`;
}
