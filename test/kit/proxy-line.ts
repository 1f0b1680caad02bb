import type { Socket } from 'node:net';

/** What a direction of a connection is like at the moment. */
export interface Weather {
  /** Everything arrives so much later. */
  latencyMs: number;
  /** Nothing passes and nobody is told: what is sent is lost. */
  frozen: boolean;
  /** Every byte is sent for itself. */
  sliced: boolean;
}

/** One direction of a proxied connection: what is put in comes out in order, as the weather allows. */
export class Line {
  private tail: Promise<void> | undefined;

  constructor(
    private readonly to: Socket,
    private readonly weather: Weather,
  ) {}

  /** Passes `chunk` on, but not before `until`. */
  send(chunk: Buffer, until?: Promise<void>): void {
    if (this.weather.frozen) {
      return;
    }
    const { latencyMs } = this.weather;
    if (!this.tail && !until && latencyMs === 0) {
      this.write(chunk);
      return;
    }
    const due = Promise.all([this.tail, until, latencyMs > 0 ? later(latencyMs) : undefined]);
    const sent = due.then(() => {
      this.write(chunk);
      if (this.tail === sent) {
        this.tail = undefined;
      }
    });
    this.tail = sent;
  }

  private write(chunk: Buffer): void {
    if (this.to.destroyed) {
      return;
    }
    if (this.weather.sliced) {
      for (const byte of chunk) {
        this.to.write(Buffer.of(byte));
      }
    } else {
      this.to.write(chunk);
    }
  }
}

function later(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
