import { FAULT_KINDS, type FaultRule } from '../gateway/faults.js';
import type { RequestEntry } from '../gateway/request-log.js';
import { formatBeijing } from '../rules/beijing-time.js';
import { yuan } from '../rules/money.js';
import { refundedFen, type Trade } from '../rules/trade.js';
import type { Account, Notice, NotifyMode, Warning } from '../store/records.js';
import { html, type Html } from '../web/html.js';
import { layout } from '../web/layout.js';

export interface HomeView {
  nowMs: number;
  offsetMs: number;
  mode: NotifyMode;
  seller: Account;
  trades: Trade[];
  notices: Notice[];
  requests: RequestEntry[];
  faults: readonly FaultRule[];
  warnings: Warning[];
  methods: readonly string[];
  problem?: string;
}

/** The overview: what has happened, and buttons for what shall happen. Newest first. */
export function homePage(view: HomeView): Html {
  const body = html`<main class="home">
    ${view.problem && html`<p class="alert" role="alert">${view.problem}</p>`} ${tiles(view)}
    <section class="card">
      <h2>时钟与通知 · Clock and notifications</h2>
      ${controls(view)}
    </section>
    <section class="card">
      <h2>故障 · Faults</h2>
      ${faultForm(view)}
    </section>
    <section class="card" id="warnings" data-live>${warnings(view.warnings)}</section>
    <section class="card" id="trades" data-live>${trades(view.trades)}</section>
    <section class="card" id="notifies" data-live>${notices(view.notices)}</section>
    <section class="card" id="requests" data-live>${requests(view.requests)}</section>
    <section class="card">
      <h2>App 支付 · Pay an order string</h2>
      <form method="post" action="/home/app">
        <textarea name="order_string" rows="3" required aria-label="order string"></textarea>
        <p><button>打开收银台 · Open the cashier</button></p>
      </form>
    </section>
  </main>`;
  const heading = '支付沙箱 · Alipay sandbox';
  return layout({ lang: 'zh', title: heading, heading, script: '/assets/home.js', body });
}

function tiles(view: HomeView): Html {
  const offset = view.offsetMs === 0 ? '' : ` (+${Math.round(view.offsetMs / 60_000)} min)`;
  return html`<div class="tiles" id="tiles" data-live>
    ${tile('北京时间 · Beijing time', `${formatBeijing(view.nowMs)}${offset}`)}
    ${tile('商家余额 · Seller balance', `¥${yuan(view.seller.balanceFen)}`)}
    ${tile('通知 · Notifications', view.mode)}
    ${tile('故障 · Faults waiting', String(view.faults.reduce((sum, { left }) => sum + left, 0)))}
  </div>`;
}

function tile(label: string, value: string): Html {
  return html`<div class="card"><span class="label">${label}</span><strong>${value}</strong></div>`;
}

function controls(view: HomeView): Html {
  const steps = ['4m', '30m', '1h', '1d', '90d'];
  const modes: NotifyMode[] = ['auto', 'hold', 'drop'];
  return html`<div class="row">
    ${steps.map((by) => button('/home/clock', `+${by}`, { by }))}
    ${modes.map((mode) => button('/home/mode', modeLabel(mode, view.mode), { mode }))}
    ${button('/home/flush', '全部送出 · deliver all now', { order: 'asc' })}
    ${button('/home/flush', '倒序送出 · newest first', { order: 'desc' })}
    ${button('/home/seller', '提走余额 · withdraw all', { action: 'withdraw' })}
    ${button('/home/reset', '清空 · reset everything', {})}
  </div>`;
}

function modeLabel(mode: NotifyMode, current: NotifyMode): string {
  return mode === current ? `${mode} ✓` : mode;
}

function faultForm(view: HomeView): Html {
  return html`<form class="row" method="post" action="/home/fault">
      <label
        >method
        <select name="method">
          ${['*', ...view.methods].map(option)}
        </select></label
      >
      <label
        >kind
        <select name="kind">
          ${FAULT_KINDS.map(option)}
        </select></label
      >
      <label>times <input name="times" type="number" value="1" min="1" max="1000" /></label>
      <button>加入 · add</button>
      <button formaction="/home/faults-clear" formnovalidate>取消全部 · clear</button>
    </form>
    <p id="faults" data-live>
      ${view.faults.map(
        ({ method, kind, left }) => html`<span class="tag bad">${method} ${kind} ×${left}</span> `,
      )}
    </p>`;
}

function warnings(entries: Warning[]): Html {
  const rows = entries.map(
    ({ level, code, about, detail, count }) =>
      html`<tr>
        <td><span class="tag ${level === 'warning' ? 'bad' : ''}">${code}</span></td>
        <td>${about}</td>
        <td class="wrap">${detail}</td>
        <td class="num">×${count}</td>
      </tr>`,
  );
  return table('商家的可疑做法 · Doubtful habits of the merchant', [], rows);
}

function trades(entries: Trade[]): Html {
  const rows = entries.map((trade) => {
    const refunded = refundedFen(trade);
    return html`<tr>
      <td>${trade.order.outTradeNo}<br /><span class="label">${trade.id}</span></td>
      <td class="wrap">${trade.order.subject}</td>
      <td><span class="tag ${TONE[trade.status]}">${trade.status}</span></td>
      <td class="num">¥${yuan(trade.order.totalFen)}</td>
      <td class="num">${refunded > 0 && `−¥${yuan(refunded)}`}</td>
      <td>${formatBeijing(trade.paidMs ?? trade.createdMs)}</td>
    </tr>`;
  });
  const heads = ['订单 order', '商品 subject', '状态 status', '金额', '已退 refunded', '时间 time'];
  return table('交易 · Trades', heads, rows);
}

function notices(entries: Notice[]): Html {
  const rows = entries.map((notice) => {
    const last = notice.deliveries.at(-1);
    return html`<tr>
      <td>${notice.fields['out_trade_no']}</td>
      <td>${notice.fields['trade_status']}</td>
      <td><span class="tag ${notice.state === 'acknowledged' && 'good'}">${notice.state}</span></td>
      <td class="num">${notice.attempts}</td>
      <td class="wrap">${last && `${last.status} ${last.answer.slice(0, 60)}`}</td>
      <td>
        ${noticeButton(notice, 'deliver', '送 send')} ${noticeButton(notice, 'double', '×2')}
        ${noticeButton(notice, 'tamper', '篡改 tamper')} ${noticeButton(notice, 'drop', '丢 drop')}
      </td>
    </tr>`;
  });
  const heads = ['订单 order', '内容 about', '状态 state', '次数', '最近的回答 last answer', ''];
  return table('通知 · Notifications', heads, rows);
}

function requests(entries: RequestEntry[]): Html {
  const rows = entries.map(
    (entry) =>
      html`<tr>
        <td>${formatBeijing(entry.atMs)}</td>
        <td>${entry.method}</td>
        <td>${entry.outTradeNo}</td>
        <td class="wrap">${entry.result}</td>
      </tr>`,
  );
  return table('网关请求 · Gateway requests', [], rows);
}

function table(title: string, heads: string[], rows: Html[]): Html {
  if (rows.length === 0) {
    return html`<h2>${title}</h2>
      <p class="label">暂无 · nothing yet</p>`;
  }
  return html`<h2>${title}</h2>
    <table>
      <thead>
        <tr>
          ${heads.map((head) => html`<th>${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>`;
}

function noticeButton(notice: Notice, action: string, label: string): Html {
  return button('/home/notice', label, { action, notify_id: notice.id });
}

function button(action: string, label: string, fields: Record<string, string>): Html {
  const hidden = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  );
  return html`<form class="inline" method="post" action="${action}">
    ${hidden}<button>${label}</button>
  </form>`;
}

function option(value: string): Html {
  return html`<option>${value}</option>`;
}

const TONE: Record<Trade['status'], string> = {
  WAIT_BUYER_PAY: '',
  TRADE_SUCCESS: 'good',
  TRADE_FINISHED: 'good',
  TRADE_CLOSED: 'bad',
};
