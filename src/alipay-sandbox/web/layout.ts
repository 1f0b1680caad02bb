import type { FastifyReply } from 'fastify';
import { html, type Html } from './html.js';

/**
 * No script and no style from elsewhere. Forms may lead anywhere on the web, because browsers apply
 * form-action to the redirect that follows a payment too, and that goes to the merchant.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "form-action 'self' http: https:",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Every page's frame. `heading` stands in the bar at the top. */
export function layout(page: {
  lang: 'zh' | 'en';
  title: string;
  heading: string;
  aside?: Html;
  script?: string;
  body: Html;
}): Html {
  return html`<!doctype html>
    <html lang="${page.lang === 'zh' ? 'zh-CN' : 'en'}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${page.title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/assets/sandbox.css" />
        ${page.script && html`<script src="${page.script}" defer></script>`}
      </head>
      <body>
        <header class="bar">
          <a class="brand" href="/"><span class="mark">付</span>${page.heading}</a>
          ${page.aside}
        </header>
        ${page.body}
      </body>
    </html>`;
}

export function sendPage(reply: FastifyReply, page: Html, status = 200): void {
  void reply
    .status(status)
    .type('text/html; charset=utf-8')
    .headers({
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
    .send(page.text);
}
