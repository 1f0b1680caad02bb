const OFFSET_MS = 8 * 3_600_000;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const UNIT_MS: Record<string, number> = { m: MINUTE_MS, h: 60 * MINUTE_MS, d: DAY_MS };

/** Writes an instant the way Alipay does: `yyyy-MM-dd HH:mm:ss` in Beijing time. */
export function formatBeijing(instantMs: number): string {
  return new Date(instantMs + OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ');
}

/** Reads `yyyy-MM-dd HH:mm:ss` as Beijing time; undefined when the text is no such time. */
export function parseBeijing(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(text)) return undefined;
  const instantMs = Date.parse(`${text.replace(' ', 'T')}+08:00`);
  return formatsBackTo(instantMs, text) ? instantMs : undefined;
}

/** The first millisecond of the Beijing day that contains the instant. */
export function startOfBeijingDay(instantMs: number): number {
  return Math.floor((instantMs + OFFSET_MS) / DAY_MS) * DAY_MS - OFFSET_MS;
}

/**
 * When a `timeout_express` (`1m`..`15d`, or `1c` for the end of the day) runs out.
 * Undefined when the text is none of these.
 */
export function expiryOfTimeout(timeoutExpress: string, startMs: number): number | undefined {
  if (timeoutExpress === '1c') return startOfBeijingDay(startMs) + DAY_MS;
  const match = /^([1-9]\d{0,4})([mhd])$/.exec(timeoutExpress);
  if (!match) return undefined;
  const lengthMs = Number(match[1]) * (UNIT_MS[match[2] ?? ''] ?? 0);
  return lengthMs > 15 * DAY_MS ? undefined : startMs + lengthMs;
}

function formatsBackTo(instantMs: number, text: string): boolean {
  return !Number.isNaN(instantMs) && formatBeijing(instantMs) === text;
}
