/** Times at the edges. The database keeps UTC; the original pages read Beijing time. */

const SHANGHAI_OFFSET_MS = 8 * 3600 * 1000;

/** `"YYYY-MM-DD HH:MM:SS"` in Asia/Shanghai (UTC+8 without daylight saving since 1991). */
export function shanghaiTime(at: Date): string {
  return new Date(at.getTime() + SHANGHAI_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ');
}

/** Reads `"YYYY-MM-DD HH:MM:SS"` as Asia/Shanghai; undefined when it is no such time. */
export function parseShanghaiTime(text: string): Date | undefined {
  const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d+)?$/.exec(text);
  const at = match ? new Date(`${match[1]}T${match[2]}+08:00`) : undefined;
  return at && !Number.isNaN(at.getTime()) ? at : undefined;
}
