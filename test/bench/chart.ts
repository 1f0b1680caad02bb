import { digits } from './report.js';
import type { Row } from './rows.js';

const WIDTH = 720;
const LABEL = 110;
const VALUE = 70;
const BAR = 18;
const GAP = 6;
const HEAD = 34;
const OURS = new Set(['pessimistic', 'optimistic', 'queue']);

/**
 * Orders a second at one number of clients, as bars; light and dark. Without the bare route, which
 * takes no orders and would make everything else look alike.
 */
export function chart(rows: readonly Row[], clients: number): string {
  const parts: string[] = [];
  let y = 0;
  for (const workload of ['hot', 'wide'] as const) {
    const bars = rows.filter(
      (row) => row.workload === workload && row.clients === clients && row.variant !== 'bare',
    );
    const most = Math.max(...bars.map((row) => row.orders_per_s));
    const title = `${workload}: ${workload === 'hot' ? 'one product' : 'three of 10,000 products'}`;
    parts.push(`<text class="title" x="0" y="${y + 20}">${title}, ${clients} clients</text>`);
    y += HEAD;
    for (const { variant, orders_per_s } of bars) {
      const length = Math.max(1, Math.round((orders_per_s / most) * (WIDTH - LABEL - VALUE)));
      const middle = y + BAR / 2;
      parts.push(
        `<text class="name" x="${LABEL - 8}" y="${middle}">${variant}</text>`,
        `<rect class="${OURS.has(variant) ? 'ours' : 'other'}" x="${LABEL}" y="${y}" ` +
          `width="${length}" height="${BAR}" rx="2"/>`,
        `<text x="${LABEL + length + 6}" y="${middle}">${digits(orders_per_s)}</text>`,
      );
      y += BAR + GAP;
    }
    y += GAP * 2;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" role="img">
<title>Orders per second</title>
<style>
text { font: 12px system-ui, sans-serif; fill: #333; dominant-baseline: central }
.title { font-weight: 600; font-size: 13px }
.name { text-anchor: end }
.ours { fill: #c8102e }
.other { fill: #9aa5b1 }
@media (prefers-color-scheme: dark) { text { fill: #ddd } .other { fill: #66707c } }
</style>
${parts.join('\n')}
</svg>
`;
}
