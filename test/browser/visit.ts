import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { tokenFor } from '../kit/client.js';

/** A person with a browser of their own who looks at the shop window. */
export interface Visit {
  readonly page: Page;
  /** What must not happen: errors on the console (violations of the CSP are), strange hosts. */
  readonly faults: string[];
  /** What the browser remembers under a name of the window. */
  kept(name: string): Promise<string | undefined>;
  /** Opens a page of the window by its address behind the `#`. */
  open(path: string): Promise<void>;
  close(): Promise<void>;
}

export interface Visitor {
  readonly width: number;
  readonly locale?: string;
  /** A buyer who is logged in already. */
  readonly buyerId?: number;
}

/** Where pictures of the pages go (SCREENSHOTS); none are taken unless somebody asks for them. */
const FOLDER = process.env['SCREENSHOTS'];

/** What the documentation shows; SCREENSHOTS_ALL keeps the pictures of every step. */
const PUBLISHED = new Set([
  'products-wide-zh',
  'checkout-wide-en',
  'unpaid-wide-zh',
  'product-phone-en',
  'cart-phone-zh',
  'paid-phone-en',
]);

/** Wide pages are shown smaller in the documentation, and a smaller window makes a smaller file. */
const WIDE_PICTURE = { width: 920, height: 728 };
const PICTURE_SCALE = 0.8;

const HEIGHT_WIDE = 800;
const HEIGHT_PHONE = 844;

/** Starts a visit to the shop at `url`. */
export async function startVisit(browser: Browser, url: string, visitor: Visitor): Promise<Visit> {
  const { width, locale = 'zh-CN', buyerId } = visitor;
  const phone = width < 768;
  const context = await browser.newContext({
    viewport: { width, height: phone ? HEIGHT_PHONE : HEIGHT_WIDE },
    locale,
    hasTouch: phone,
    ...(FOLDER && !phone ? { deviceScaleFactor: PICTURE_SCALE } : {}),
    reducedMotion: 'reduce',
  });
  if (buyerId !== undefined) {
    const session = JSON.stringify({ token: tokenFor(buyerId), username: `buyer_${buyerId}` });
    await context.addInitScript(
      `location.origin === '${url}' && localStorage.setItem('meiduo.session', '${session}')`,
    );
  }
  const page = await context.newPage();
  const faults = watch(page, url);
  return {
    page,
    faults,
    open: async (path) => {
      await page.goto(`${url}/#${path}`);
      await page.locator('main [aria-busy=true]').waitFor({ state: 'detached' });
    },
    kept: async (name) => {
      const { origins } = await context.storageState();
      const items = origins.find(({ origin }) => origin === url)?.localStorage;
      return items?.find((item) => item.name === `meiduo.${name}`)?.value;
    },
    close: () => context.close(),
  };
}

function watch(page: Page, url: string): string[] {
  const faults: string[] = [];
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('request', (request) => {
    const isOfWindow = page.url().startsWith(`${url}/#`) || page.url() === `${url}/`;
    if (isOfWindow && !request.isNavigationRequest() && !request.url().startsWith(`${url}/`)) {
      faults.push(`asked another host: ${request.url()}`);
    }
  });
  return faults;
}

/** Takes a picture of what the page shows. */
export async function takePicture(page: Page, name: string): Promise<void> {
  const size = page.viewportSize();
  if (!FOLDER || !size || !(PUBLISHED.has(name) || process.env['SCREENSHOTS_ALL'])) {
    return;
  }
  mkdirSync(FOLDER, { recursive: true });
  if (size.width > WIDE_PICTURE.width) {
    await page.setViewportSize(WIDE_PICTURE);
  }
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: join(FOLDER, `${name}.png`) });
  await page.setViewportSize(size);
}
