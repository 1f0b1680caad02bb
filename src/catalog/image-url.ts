import type { Config } from '../config/config.js';

/** The absolute address of a product's picture, whatever host the request was sent to. */
export function imageUrl(path: string, { PUBLIC_URL }: Config): string {
  return new URL(path, PUBLIC_URL).toString();
}
