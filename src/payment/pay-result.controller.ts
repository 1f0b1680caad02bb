import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '../auth/public.decorator.js';

const PAGE = `<!doctype html>
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
<h1 id="state" role="status">正在确认支付结果…</h1>
<dl hidden id="facts">
<dt>订单号</dt><dd id="order"></dd>
<dt>金额</dt><dd id="amount"></dd>
<dt>支付宝交易号</dt><dd id="trade"></dd>
</dl>
<p id="hint">支付宝确认后，本页会自动更新。</p>
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
#hint{color:#667085;font-size:.875rem;margin:0}`;

const SCRIPT = `const query = new URLSearchParams(location.search);
const show = (id, text) => { document.getElementById(id).textContent = text; };
const mark = (state) => { document.getElementById('mark').className = state; };
show('order', query.get('out_trade_no') ?? '');
show('amount', '¥' + (query.get('total_amount') ?? ''));
const deadline = Date.now() + 10 * 60 * 1000;
async function ask() {
  let answer, body;
  try {
    answer = await fetch('/payment/status/' + location.search, {
      method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: '{}' });
    body = await answer.json();
  } catch { answer = undefined; }
  if (answer?.ok) {
    mark('paid'); show('state', '支付成功'); show('trade', body.trade_id);
    show('hint', '您可以在订单列表中查看该订单。');
    document.getElementById('facts').hidden = false;
  } else if (answer?.status === 403 || answer?.status === 404 || body?.code === 'PAYMENT_RETURNED') {
    mark('failed'); show('state', body.message); show('hint', '请在订单列表中查看订单状态。');
  } else if (Date.now() < deadline) {
    show('state', '支付处理中…'); setTimeout(ask, 2000);
  } else {
    mark('failed'); show('state', '支付结果尚未确认'); show('hint', '请稍后在订单列表中查看。');
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
  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Cache-Control', 'no-store')
  page(): string {
    return PAGE;
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
