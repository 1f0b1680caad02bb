/**
 * Loaded into a process of the shop before its own code: every job is at work from the start, and
 * never ends.
 */
const { Repeater } = await import(
  new URL('../../../dist/src/common/repeater.js', import.meta.url).href
);

Repeater.prototype.start = function forEver() {
  this.running = new Promise(() => {});
  console.error(`${this.job}: endless`);
};
