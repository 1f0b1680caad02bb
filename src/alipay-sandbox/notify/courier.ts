import { setMaxListeners } from 'node:events';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Injectable } from '@nestjs/common';

const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 2048;
const MAX_PARALLEL = 64;

export const FORM_TYPE = 'application/x-www-form-urlencoded; charset=utf-8';

export interface PostResult {
  /** HTTP status, or 0 when no answer came in time. */
  status: number;
  /** The beginning of the answer, or what went wrong. */
  answer: string;
}

/** Hands form bodies to merchants: no redirect is followed, and ten seconds is all they get. */
@Injectable()
export class Courier {
  private readonly stop = new AbortController();
  private readonly waiting: (() => void)[] = [];
  private running = 0;

  constructor() {
    // Every post under way listens for the stop; Node takes more than ten for a leak.
    setMaxListeners(0, this.stop.signal);
  }

  /** Posts one body. Never throws: a merchant that cannot be reached is a result too. */
  async post(url: string, body: string | Buffer, contentType = FORM_TYPE): Promise<PostResult> {
    await this.takePlace();
    try {
      return await this.send(url, body, contentType);
    } catch (error) {
      return { status: 0, answer: error instanceof Error ? error.message : String(error) };
    } finally {
      this.running -= 1;
      this.waiting.shift()?.();
    }
  }

  /** Gives up every post under way, so that the process can end. */
  abort(): void {
    this.stop.abort(new Error('The sandbox is stopping.'));
  }

  get stopped(): boolean {
    return this.stop.signal.aborted;
  }

  private async takePlace(): Promise<void> {
    while (this.running >= MAX_PARALLEL) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    this.running += 1;
  }

  private send(url: string, body: string | Buffer, contentType: string): Promise<PostResult> {
    const { promise, resolve, reject } = settleable<PostResult>();
    const request = url.startsWith('https:') ? httpsRequest : httpRequest;
    const headers = {
      'content-type': contentType,
      'content-length': Buffer.byteLength(body),
      'user-agent': 'Mozilla/4.0',
    };
    const late = new Error(`no answer within ${TIMEOUT_MS / 1000} s`);
    const timer = setTimeout(() => outgoing.destroy(late), TIMEOUT_MS);
    // A fresh connection each time: a kept one that was just closed would look like a loss.
    const options = { method: 'POST', headers, agent: false as const, signal: this.stop.signal };
    const outgoing = request(url, options, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        if (size < MAX_ANSWER_BYTES) chunks.push(chunk);
        size += chunk.length;
      });
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, answer: text.slice(0, MAX_ANSWER_BYTES) });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
    return promise.finally(() => clearTimeout(timer));
  }
}

/** A promise with its levers outside (Promise.withResolvers needs Node 22). */
function settleable<T>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (error: Error) => void;
} {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
