/**
 * Loaded into a process of the shop before its own code: a job has its turn when the process gets
 * the job's signal, and not when its time has come. When the turn is over it says so.
 * Both signals mean nothing to the shop.
 */
const SIGNALS = { sweep: 'SIGURG', refunds: 'SIGWINCH' };

const { Repeater } = await import(
  new URL('../../../dist/src/common/repeater.js', import.meta.url).href
);

Repeater.prototype.start = function onSignal() {
  const signal = SIGNALS[this.job];
  if (signal) {
    process.once(signal, () => {
      void this.run().then(() => console.error(`${this.job}: over`));
    });
  }
};
