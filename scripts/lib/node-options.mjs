/**
 * How Node.js runs a process of the shop; docs/performance.md, Garbage, says what each gives.
 *
 * - Without a limit of its own V8 collects only when the heap is several times what is alive, on a
 *   large machine: the process then takes almost twice the memory for a few percent of speed. 512 MB
 *   are many times what the shop keeps.
 * - A young generation of twice V8's own limit (16 MB) is collected half as often, and no more of it is
 *   alive then, since only what is in flight is.
 * - And it has that size from the start. V8 would begin with one megabyte, go back to it when the process
 *   is idle, and make it larger only when much outlives a collection, which is over once the shop has started.
 * - V8 watches which places of the code make objects that live long, and puts their next ones straight
 *   into the old generation. Under load it takes some of what Nest makes for each request for such, and
 *   then whole requests are kept until the old generation is collected.
 */
export const SHOP_OPTIONS = [
  '--max-old-space-size=512',
  '--min-semi-space-size=32',
  '--max-semi-space-size=32',
  '--no-allocation-site-pretenuring',
];
