/** What the browser remembers of the shop, under names of its own. */
const PREFIX = 'meiduo.';

/** A browser may refuse to remember anything; the shop works all the same. */
function quietly<T>(access: () => T): T | undefined {
  try {
    return access();
  } catch {
    return undefined;
  }
}

export function recall(name: string): string | undefined {
  return quietly(() => localStorage.getItem(PREFIX + name)) ?? undefined;
}

/** Keeps a text; `undefined` forgets it. */
export function keep(name: string, text: string | undefined): void {
  quietly(() =>
    text === undefined
      ? localStorage.removeItem(PREFIX + name)
      : localStorage.setItem(PREFIX + name, text),
  );
}

/** Calls `listener` when another tab of the shop has changed what is kept under `name`. */
export function onKeptElsewhere(name: string, listener: () => void): void {
  addEventListener('storage', ({ key }) => key === PREFIX + name && listener());
}
