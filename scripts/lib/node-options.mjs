/**
 * How Node.js runs a process of the shop. Without a limit of its own V8 collects only when the heap is
 * several times what is alive, on a large machine: the process then takes almost twice the memory for
 * a few percent of speed. 512 MB are many times what the shop keeps.
 */
export const SHOP_OPTIONS = ['--max-old-space-size=512'];
