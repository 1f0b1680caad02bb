import { BizError, GatewayError } from '../rules/errors.js';
import { escapeHtml } from '../rules/escape.js';
import { html, type Html } from '../web/html.js';
import { layout } from '../web/layout.js';

/** What goes back over HTTP, in the sandbox's own words; controllers turn it into a response. */
export type Reply =
  | { kind: 'text'; status: number; type: string; body: string }
  | { kind: 'redirect'; location: string }
  | { kind: 'hang' }
  | { kind: 'reset' };

/** Alipay labels its JSON answers like this too. */
const ANSWER_TYPE = 'text/html;charset=utf-8';

const MESSAGES: Record<GatewayError['code'], string> = {
  '40001': 'Missing Required Arguments',
  '40002': 'Invalid Arguments',
};

export function textReply(body: string, status = 200): Reply {
  return { kind: 'text', status, type: ANSWER_TYPE, body };
}

/** The payload of a V2 answer for a refusal; anything unexpected is thrown on. */
export function refusalPayload(error: unknown): Record<string, string> {
  if (error instanceof BizError) {
    const [code, msg] = ['40004', 'Business Failed'];
    return { code, msg, sub_code: error.code, sub_msg: error.message };
  }
  if (error instanceof GatewayError) {
    const { code, subCode, message } = error;
    return { code, msg: MESSAGES[code], sub_code: subCode, sub_msg: escapeHtml(message) };
  }
  throw error;
}

/** The HTML page that a paying method answers instead of JSON. */
export function refusalPage(error: unknown): Html {
  const { sub_code: code = '' } = refusalPayload(error);
  const message = error instanceof Error ? error.message : '';
  const body = html`<main class="card narrow">
    <div class="round bad">!</div>
    <h1>调试错误，请回到请求来源地，重新发起请求。</h1>
    <p class="alert">错误代码 ${code.replace(/^isv\./, '')}</p>
    <p class="wrap">错误原因: ${message}</p>
  </main>`;
  return layout({ lang: 'zh', title: '支付宝 - 调试错误', heading: '沙箱收银台', body });
}
