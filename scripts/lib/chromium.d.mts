/** Absolute path of a Chromium, CHROMIUM_PATH first; undefined when there is none. */
export function findChromium(): string | undefined;
