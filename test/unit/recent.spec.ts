/**
 * What is read once for many: how often the database is asked, how old an answer can be, and that
 * neither a failure nor a late reading is remembered.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Recent } from '../../src/common/recent.js';

/** A reading that ends when it is told to. */
interface Reading {
  readonly before: string | undefined;
  readonly answer: (value: string) => void;
  readonly fail: (error: Error) => void;
}

describe('something read a moment ago', () => {
  let readings: Reading[];
  let recent: Recent<string>;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] });
    readings = [];
    recent = new Recent(
      (before) =>
        new Promise<string>((answer, fail) => {
          readings.push({ before, answer, fail });
        }),
    );
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Knows `value`, read just now. */
  async function knows(value: string): Promise<void> {
    const got = recent.get();
    readings.at(-1)?.answer(value);
    expect(await got).toBe(value);
  }

  it('is read once for all who ask, and not again for two seconds', async () => {
    const all = [recent.get(), recent.get(), recent.get()];
    readings[0]?.answer('one');
    expect(await Promise.all(all)).toEqual(['one', 'one', 'one']);
    vi.advanceTimersByTime(1999);
    expect(await recent.get()).toBe('one');
    expect(readings).toHaveLength(1);
  });

  it('is not read while nobody asks', async () => {
    await knows('one');
    vi.advanceTimersByTime(60_000);
    expect(readings).toHaveLength(1);
  });

  it('is answered while it is read anew, once, from two seconds on', async () => {
    await knows('one');
    vi.advanceTimersByTime(2000);
    expect(await Promise.all([recent.get(), recent.get()])).toEqual(['one', 'one']);
    expect(readings.map(({ before }) => before)).toEqual([undefined, 'one']);
    readings[1]?.answer('two');
    await vi.waitFor(async () => expect(await recent.get()).toBe('two'));
    expect(readings).toHaveLength(2);
  });

  it('is waited for when it is five seconds old, its reading included', async () => {
    const first = recent.get();
    vi.advanceTimersByTime(4000);
    readings[0]?.answer('one');
    await first;
    vi.advanceTimersByTime(999);
    expect(await recent.get()).toBe('one');
    vi.advanceTimersByTime(1);
    const got = recent.get();
    readings[1]?.answer('two');
    expect(await got).toBe('two');
  });

  it('fails for whoever waits, and is tried again by the next one', async () => {
    const got = recent.get();
    readings[0]?.fail(new Error('away'));
    await expect(got).rejects.toThrow('away');
    await knows('one');
    expect(readings).toHaveLength(2);
  });

  it('is still answered when reading it anew fails, until it is too old', async () => {
    await knows('one');
    vi.advanceTimersByTime(2000);
    expect(await recent.get()).toBe('one');
    readings[1]?.fail(new Error('away'));
    await vi.waitFor(async () => {
      expect(await recent.get()).toBe('one');
      expect(readings).toHaveLength(3);
    });
    vi.advanceTimersByTime(3000);
    const got = recent.get();
    readings[2]?.fail(new Error('still away'));
    await expect(got).rejects.toThrow('still away');
  });

  it('is read anew when it was forgotten, and a reading from before does not come back', async () => {
    const before = recent.get();
    recent.forget();
    const after = recent.get();
    readings[1]?.answer('new');
    expect(await after).toBe('new');
    readings[0]?.answer('old');
    expect(await before).toBe('old');
    expect(await recent.get()).toBe('new');
    recent.forget();
    await knows('newer');
    expect(readings.map((reading) => reading.before)).toEqual([undefined, undefined, undefined]);
  });
});
