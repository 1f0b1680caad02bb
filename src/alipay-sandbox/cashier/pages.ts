import { formatBeijing } from '../rules/beijing-time.js';
import { yuan } from '../rules/money.js';
import type { OrderRequest } from '../rules/trade.js';
import type { Account, Session } from '../store/records.js';
import { html, type Html } from '../web/html.js';
import { layout } from '../web/layout.js';
import { textsOf, type Lang, type Texts } from './texts.js';

/** What the cashier page shows beside the order itself. */
interface CashierView {
  lang: Lang;
  session: Session;
  sellerName: string;
  /** Filled into the login field. */
  account: string;
  password: string;
  /** The account that has logged in at this page. */
  buyer?: Account;
  error?: string;
}

/** Order, login and the one pay button: a person pays with one click. */
export function cashierPage(view: CashierView): Html {
  const texts = textsOf(view.lang);
  const path = `/cashier/${view.session.id}`;
  const body = html`<p class="sandbox-note">${texts.note}</p>
    <main class="cashier">
      ${orderCard(view, texts)}
      <section class="card">
        <h2>${texts.loginTitle}</h2>
        ${view.error && html`<p class="alert" role="alert" id="error">${view.error}</p>`}
        ${view.buyer && loggedIn(view.buyer, texts)}
        <form method="post" action="${path}/pay" autocomplete="off">
          <input type="hidden" name="lang" value="${view.lang}" />
          <label>
            ${texts.account}
            <input
              id="account"
              name="account"
              autocomplete="username"
              value="${view.account}"
              maxlength="64"
              required
            />
          </label>
          <label>
            ${texts.password}
            <input
              id="password"
              name="password"
              type="password"
              autocomplete="current-password"
              value="${view.password}"
              required
            />
          </label>
          <button class="pay" id="pay" type="submit">
            ${texts.pay} ¥${thousands(view.session.order.totalFen)}
          </button>
          <div class="under">
            <button class="quiet" id="login" type="submit" formaction="${path}/login">
              ${texts.loginOnly}
            </button>
            <a id="cancel" href="${path}/cancel?lang=${view.lang}">${texts.cancel}</a>
          </div>
        </form>
      </section>
    </main>`;
  return frame(view.lang, path, texts.loginTitle, body);
}

/** The end of a payment that leads nowhere else, such as a QR code's. */
export function paidPage(lang: Lang, session: Session, returnUrl: string | undefined): Html {
  const texts = textsOf(lang);
  const body = html`<main class="card narrow">
    <div class="round">✓</div>
    <h1 id="paid">${texts.paidTitle}</h1>
    <p class="amount"><small>¥</small>${thousands(session.order.totalFen)}</p>
    ${summary(session.order)}
    ${returnUrl && html`<a class="button" id="back" href="${returnUrl}">${texts.back}</a>`}
  </main>`;
  return frame(lang, `/cashier/${session.id}`, texts.paidTitle, body);
}

/** An order that cannot be paid any more: expired, closed, paid elsewhere or changed. */
export function refusedPage(lang: Lang, session: Session, code: string, reason: string): Html {
  const texts = textsOf(lang);
  const back = merchantPlace(session.order);
  const body = html`<main class="card narrow">
    <div class="round bad">!</div>
    <h1>${texts.refusedTitle}</h1>
    <p class="alert" role="alert" id="error" data-code="${code}">${reason}</p>
    ${summary(session.order)}
    <p class="label">${code}</p>
    ${back && html`<a class="button" id="back" href="${back}">${texts.back}</a>`}
  </main>`;
  return frame(lang, `/cashier/${session.id}`, texts.refusedTitle, body);
}

export function cancelledPage(lang: Lang, session: Session): Html {
  const texts = textsOf(lang);
  const path = `/cashier/${session.id}`;
  const back = merchantPlace(session.order);
  const body = html`<main class="card narrow">
    <div class="round bad">×</div>
    <h1>${texts.cancelledTitle}</h1>
    <p>${texts.cancelledText}</p>
    ${summary(session.order)}
    <p>
      ${back && html`<a class="button" id="back" href="${back}">${texts.back}</a>`}
      <a class="button" id="continue" href="${path}?lang=${lang}">${texts.goOn}</a>
    </p>
  </main>`;
  return frame(lang, `${path}/cancel`, texts.cancelledTitle, body);
}

export function missingPage(lang: Lang): Html {
  const texts = textsOf(lang);
  const body = html`<main class="card narrow"><h1>${texts.missingTitle}</h1></main>`;
  return layout({ lang, title: texts.missingTitle, heading: texts.heading, body });
}

function orderCard(view: CashierView, texts: Texts): Html {
  const { order } = view.session;
  return html`<section class="card">
    <div class="label">${texts.amount}</div>
    <div class="amount" id="amount"><small>¥</small>${thousands(order.totalFen)}</div>
    <dl class="facts">
      <div>
        <dt>${texts.subject}</dt>
        <dd id="subject">${order.subject}</dd>
      </div>
      <div>
        <dt>${texts.number}</dt>
        <dd id="out-trade-no">${order.outTradeNo}</dd>
      </div>
      <div>
        <dt>${texts.seller}</dt>
        <dd>${view.sellerName}</dd>
      </div>
      <div>
        <dt>${texts.deadline}</dt>
        <dd id="deadline">${formatBeijing(order.expiresMs)}</dd>
      </div>
    </dl>
  </section>`;
}

function loggedIn(buyer: Account, texts: Texts): Html {
  return html`<p class="ok" id="logged-in">
    ${texts.loggedIn} ${buyer.logonId} · ${texts.balance} ¥${thousands(buyer.balanceFen)}
  </p>`;
}

function summary(order: OrderRequest): Html {
  return html`<p class="wrap">
    ${order.subject}<br /><span class="label">${order.outTradeNo}</span>
  </p>`;
}

/** A page of the merchant's to go back to without having paid. */
function merchantPlace(order: OrderRequest): string | undefined {
  return order.quitUrl ?? (order.returnUrl && `${new URL(order.returnUrl).origin}/`);
}

function frame(lang: Lang, path: string, title: string, body: Html): Html {
  const texts = textsOf(lang);
  const other = lang === 'zh' ? 'en' : 'zh';
  const aside = html`<a href="${path}?lang=${other}" hreflang="${other}">${texts.otherLang}</a>`;
  return layout({
    lang,
    title: `${title} - ${texts.heading}`,
    heading: texts.heading,
    aside,
    body,
  });
}

/** 1234567 fen as 12,345.67. */
function thousands(fen: number): string {
  return yuan(fen).replace(/\B(?=(\d{3})+\.)/g, ',');
}
