import { ShopError } from './errors.js';

const DEFAULT_SIZE = 2;
const MAX_SIZE = 20;
const MAX_PAGE = 1_000_000;

/** One page of a list, in the shape the original pages read. */
export interface Page<T> {
  readonly count: number;
  readonly next: string | null;
  readonly previous: string | null;
  readonly results: readonly T[];
}

export interface PageRequest {
  readonly page: number;
  readonly size: number;
}

/** Reads `?page=&page_size=`: default 2, more than 20 is cut silently, nonsense is no page. */
export function pageRequest(page: string | undefined, size: string | undefined): PageRequest {
  return {
    page: positive(page, 1, MAX_PAGE) ?? notFound(),
    size: Math.min(positive(size, DEFAULT_SIZE, Number.MAX_SAFE_INTEGER) ?? DEFAULT_SIZE, MAX_SIZE),
  };
}

/** Builds the answer. A page outside is 404; an empty set has page 1. `base` is the public URL. */
export function pageOf<T>(
  { page, size }: PageRequest,
  count: number,
  results: readonly T[],
  base: URL,
): Page<T> {
  const last = Math.max(1, Math.ceil(count / size));
  if (page > last) {
    notFound();
  }
  const link = (target: number): string => {
    const url = new URL(base);
    url.searchParams.set('page', String(target));
    url.searchParams.set('page_size', String(size));
    return url.toString();
  };
  return {
    count,
    next: page < last ? link(page + 1) : null,
    previous: page > 1 ? link(page - 1) : null,
    results,
  };
}

function positive(text: string | undefined, fallback: number, max: number): number | undefined {
  if (text === undefined || text === '') {
    return fallback;
  }
  const value = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  return value >= 1 && value <= max ? value : undefined;
}

function notFound(): never {
  throw new ShopError('NOT_FOUND');
}
