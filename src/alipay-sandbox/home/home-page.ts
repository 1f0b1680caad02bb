import { FAULT_KINDS, type FaultRule } from '../gateway/faults.js';
import type { RequestEntry } from '../gateway/request-log.js';
import { formatBeijing } from '../rules/beijing-time.js';
import { yuan } from '../rules/money.js';
import type { Trade } from '../rules/trade.js';
import type { Account, Notice, NotifyMode, Warning } from '../store/records.js';
import { html, type Html } from '../web/html.js';
import { layout } from '../web/layout.js';
import { button, notices, requests, trades, warnings } from './tables.js';

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
      <h2>操纵 · Controls</h2>
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
  return html`<dl class="controls">
    ${group(
      '时钟 · Clock',
      steps.map((by) => button('/home/clock', `+${by}`, { by })),
    )}
    ${group(
      '新通知 · New notifications',
      modes.map((mode) => modeButton(mode, mode === view.mode)),
    )}
    ${group('等待的通知 · Waiting ones', [
      button('/home/flush', '全部送出 · deliver all now', { order: 'asc' }),
      button('/home/flush', '倒序送出 · newest first', { order: 'desc' }),
    ])}
    ${group('商家余额 · Seller balance', [
      button('/home/seller', '提走 · withdraw all', { action: 'withdraw' }),
      button('/home/seller', '存入 · deposit ¥10,000', { action: 'deposit' }),
    ])}
    ${group('账本 · Books', [button('/home/reset', '清空 · reset everything', {}, 'danger')])}
  </dl>`;
}

function group(name: string, buttons: Html[]): Html {
  return html`<div>
    <dt>${name}</dt>
    <dd class="row">${buttons}</dd>
  </div>`;
}

const MODES: Record<NotifyMode, string> = {
  auto: '送出 · auto',
  hold: '留住 · hold',
  drop: '丢失 · drop',
};

function modeButton(mode: NotifyMode, isCurrent: boolean): Html {
  return button('/home/mode', MODES[mode], { mode }, isCurrent && 'current');
}

function faultForm(view: HomeView): Html {
  return html`<form class="row" method="post" action="/home/fault">
      <label
        >method
        <select name="method">
          ${view.methods.map(option)}
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

function option(value: string): Html {
  return html`<option>${value}</option>`;
}
