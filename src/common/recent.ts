/** Older than this, a value is read anew while it is still answered. */
const FRESH_MS = 2000;
/** Older than this, whoever asks waits for the reading. */
const USABLE_MS = 5000;

/**
 * Something in the database that many ask for and that may be a few seconds old. Each process reads
 * it at most every two seconds (and when it was forgotten), once for everybody who asks, and not at all
 * while nobody does. Nobody is answered what is older than five seconds or than the reading he waited
 * for. `read` is given what it read the last time, and may answer that.
 */
export class Recent<T> {
  private known?: { readonly value: T; readonly readAtMs: number } | undefined;
  private reading?: Promise<T> | undefined;

  constructor(private readonly read: (before: T | undefined) => Promise<T>) {}

  /** Fails where `read` does, if there is nothing to answer instead. */
  async get(): Promise<T> {
    const { known } = this;
    const ageMs = known ? performance.now() - known.readAtMs : Number.POSITIVE_INFINITY;
    if (known && ageMs < FRESH_MS) {
      return known.value;
    }
    this.reading ??= this.begin();
    return known && ageMs < USABLE_MS ? known.value : this.reading;
  }

  /** Called after the commit that changed it, so that this process answers the change at once. */
  forget(): void {
    this.known = undefined;
    this.reading = undefined;
  }

  private begin(): Promise<T> {
    const readAtMs = performance.now();
    const reading = this.read(this.known?.value).then(
      (value) => {
        this.end(reading, { value, readAtMs });
        return value;
      },
      (error: unknown) => {
        this.end(reading, this.known);
        throw error;
      },
    );
    // Whoever waits for it hears of a failure; where nobody does, the next one who asks tries again.
    reading.catch(() => undefined);
    return reading;
  }

  /** A reading that was forgotten about may not bring back what it read. */
  private end(reading: Promise<T>, known: typeof this.known): void {
    if (this.reading === reading) {
      this.known = known;
      this.reading = undefined;
    }
  }
}
