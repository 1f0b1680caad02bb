import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '../auth/public.decorator.js';
import { Config } from '../config/config.js';

/** Back to the order, where this server has a shop window that shows it. */
const LINK = '<a id="back" href="/#/orders" data-text="back">查看订单</a>';

const page = (link: string) => `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>支付结果 · 美多商城</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/pay-result/style.css">
</head>
<body>
<main>
<p id="mark" class="waiting" aria-hidden="true"></p>
<h1 id="state" role="status" data-text="asking">正在确认支付结果…</h1>
<dl hidden id="facts">
<dt data-text="order">订单号</dt><dd id="order"></dd>
<dt data-text="amount">金额</dt><dd id="amount"></dd>
<dt data-text="trade">支付宝交易号</dt><dd id="trade"></dd>
</dl>
<p id="hint" data-text="waits">支付宝确认后，本页会自动更新。</p>
${link}
</main>
<script src="/pay-result/script.js"></script>
</body>
</html>`;

const STYLE = `:root{font:16px/1.6 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;color:#1f2430}
body{margin:0;min-height:100vh;display:grid;place-items:center;background:#f3f5f9}
main{width:min(26rem,92vw);box-sizing:border-box;padding:2.5rem 2rem;background:#fff;
border-radius:1rem;box-shadow:0 8px 32px #1f243014;text-align:center}
#mark{width:4rem;height:4rem;margin:0 auto 1rem;border-radius:50%;display:grid;place-items:center;
font-size:2rem;color:#fff}
#mark.waiting{border:4px solid #d5dbe8;border-top-color:#1677ff;box-sizing:border-box;
animation:turn 1s linear infinite}
#mark.paid{background:#18a058}#mark.paid::before{content:"✓"}
#mark.failed{background:#d03050}#mark.failed::before{content:"!"}
@keyframes turn{to{transform:rotate(1turn)}}
@media (prefers-reduced-motion:reduce){#mark.waiting{animation:none}}
h1{font-size:1.25rem;margin:0 0 1rem}
dl{display:grid;grid-template-columns:auto 1fr;gap:.25rem 1rem;text-align:left;margin:0 0 1rem;
font-size:.9rem}dt{color:#667085}dd{margin:0;overflow-wrap:anywhere;text-align:right}
#hint{color:#667085;font-size:.875rem;margin:0}
#back{display:block;margin-top:1.5rem;padding:.625rem 1rem;border-radius:99rem;background:#c92a2a;
color:#fff;font-weight:600;text-decoration:none}
#back:focus-visible{outline:2px solid #c92a2a;outline-offset:2px}`;

/** Chinese, unless the shop window of this server was read in English. */
const SCRIPT = `const texts = {
  zh: { title: '支付结果 · 美多商城', asking: '正在确认支付结果…', order: '订单号', amount: '金额',
    trade: '支付宝交易号', waits: '支付宝确认后，本页会自动更新。', back: '查看订单',
    paid: '支付成功', paidHint: '您可以在订单列表中查看该订单。', pending: '支付处理中…',
    failedHint: '请在订单列表中查看订单状态。', unknown: '支付结果尚未确认',
    unknownHint: '请稍后在订单列表中查看。' },
  en: { title: 'Payment · Meiduo', asking: 'Confirming your payment…', order: 'Order',
    amount: 'Amount', trade: 'Alipay trade',
    waits: 'This page updates by itself once Alipay has confirmed it.', back: 'See the order',
    paid: 'Paid', paidHint: 'You find the order among your orders.',
    pending: 'The payment is being processed…', failedHint: 'Look at your orders to see its state.',
    unknown: 'The payment is not confirmed yet', unknownHint: 'Look at your orders a little later.' },
};
let language = 'zh';
try {
  language = localStorage.getItem('meiduo.language') === 'en' ? 'en' : 'zh';
} catch { /* A browser that keeps nothing has no language to remember. */ }
const text = texts[language];
document.documentElement.lang = language === 'en' ? 'en' : 'zh-CN';
document.title = text.title;
for (const element of document.querySelectorAll('[data-text]')) {
  element.textContent = text[element.dataset.text];
}
const query = new URLSearchParams(location.search);
const show = (id, said) => { document.getElementById(id).textContent = said; };
const mark = (state) => { document.getElementById('mark').className = state; };
const orderId = query.get('out_trade_no') ?? '';
show('order', orderId);
show('amount', '¥' + (query.get('total_amount') ?? ''));
const back = document.getElementById('back');
if (back && /^\\d+$/.test(orderId)) { back.href = '/#/orders/' + orderId; }
const deadline = Date.now() + 10 * 60 * 1000;
async function ask() {
  let answer, body;
  try {
    answer = await fetch('/payment/status/' + location.search, { method: 'PUT', body: '{}',
      headers: { 'Content-Type': 'application/json', 'Accept-Language': language } });
    body = await answer.json();
  } catch { answer = undefined; }
  if (answer?.ok) {
    mark('paid'); show('state', text.paid); show('trade', body.trade_id);
    show('hint', text.paidHint);
    document.getElementById('facts').hidden = false;
  } else if (answer?.status === 403 || answer?.status === 404 || body?.code === 'PAYMENT_RETURNED') {
    mark('failed'); show('state', body.message); show('hint', text.failedHint);
  } else if (Date.now() < deadline) {
    show('state', text.pending); setTimeout(ask, 2000);
  } else {
    mark('failed'); show('state', text.unknown); show('hint', text.unknownHint);
  }
}
ask();`;

/**
 * Where the buyer's browser lands after paying when the shop has no page of its own for it: hands
 * the signed parameters to PUT /payment/status/ and shows paid, or in progress until it is.
 */
@ApiExcludeController()
@Public()
@Controller('pay-result')
export class PayResultController {
  private readonly html: string;

  constructor(config: Config) {
    this.html = page(config.shopWindowEnabled ? LINK : '');
  }

  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Cache-Control', 'no-store')
  page(): string {
    return this.html;
  }

  @Get('style.css')
  @Header('Content-Type', 'text/css; charset=utf-8')
  style(): string {
    return STYLE;
  }

  @Get('script.js')
  @Header('Content-Type', 'text/javascript; charset=utf-8')
  script(): string {
    return SCRIPT;
  }
}
