/** What some tests need and skip without. */
export interface Tool {
  /** Of Debian. */
  packages: string[];
  /** Which tests. */
  tests: string;
  /** Absolute path, when it is here. */
  find: () => string | undefined;
  /** Only root can use it. */
  root?: boolean;
}
export const SBIN: string[];
export const CHROMIUM: Tool;
export const OPENSSL: Tool;
export const FAULT_TOOLS: Tool[];
export function tryTools(
  tools: Tool[],
  install?: (names: string[], log: (line: string) => void) => Promise<boolean>,
  log?: (line: string) => void,
): Promise<void>;
