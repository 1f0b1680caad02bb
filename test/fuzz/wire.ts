import { Agent, request } from 'node:http';
import { connect } from 'node:net';

/** A request as it goes over the wire. Names of headers may come twice. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: string | Buffer | undefined;
  /** Its path was not made for the route alone. */
  readonly astray: boolean;
  /** Something in its path is neither a value the shop has nor the number of something. */
  readonly isAddressOdd: boolean;
}
export interface Received {
  readonly status: number;
  readonly type: string;
  readonly retryAfter: string | undefined;
  readonly text: string;
  readonly ms: number;
}

const HANG_MS = 5000;
const CLOSING = new Set(['ECONNRESET', 'EPIPE']);
const NOTHING: Received = {
  status: 599,
  type: '',
  retryAfter: undefined,
  text: 'no answer',
  ms: 0,
};

/** Sends requests that `fetch` would mend or refuse to send. */
export class Wire {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 16 });
  private readonly host: string;
  private readonly port: number;

  /** `hangMs`: an answer that takes longer is given up. */
  constructor(
    url: string,
    private readonly hangMs = HANG_MS,
  ) {
    const { hostname, port } = new URL(url);
    this.host = hostname;
    this.port = Number(port);
  }

  /**
   * The whole answer. One that does not come is status 599. A connection the
   * server was closing when it was used again tells nothing, so there is a second try on a new one.
   */
  async send(sent: Sent): Promise<Received> {
    return (await this.ask(sent, this.agent)) ?? (await this.ask(sent, false)) ?? NOTHING;
  }

  private ask(
    { method, path, headers, body }: Sent,
    agent: Agent | false,
  ): Promise<Received | undefined> {
    const since = performance.now();
    const flat = headers.flat();
    const framing = body === undefined ? [] : ['Content-Length', String(Buffer.byteLength(body))];
    const { host, port } = this;
    return new Promise((resolve) => {
      const end = (status: number, text: string, type = '', retryAfter?: string): void =>
        resolve({ status, text, type, retryAfter, ms: performance.now() - since });
      const asked = request(
        {
          host,
          port,
          agent,
          method,
          path,
          headers: ['Host', `${host}:${port}`, ...framing, ...flat],
        },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('error', (error) => end(599, String(error)));
          answer.on('end', () => {
            const { 'content-type': type, 'retry-after': wait } = answer.headers;
            end(answer.statusCode ?? 0, Buffer.concat(chunks).toString(), type, wait);
          });
        },
      );
      asked.setTimeout(this.hangMs, () => asked.destroy(new Error('no answer')));
      asked.on('error', (error) => {
        if (asked.reusedSocket && CLOSING.has(String((error as NodeJS.ErrnoException).code))) {
          resolve(undefined);
        } else {
          end(599, String(error));
        }
      });
      asked.end(body);
    });
  }

  /**
   * Everything the server says to these bytes until it closes the connection, or until our side,
   * which closes after the last byte, has had its answer. `hung`: nothing came for long.
   */
  raw(bytes: string | Buffer): Promise<{ text: string; hung: boolean }> {
    return new Promise((resolve) => {
      let text = '';
      let hung = false;
      const end = (): void => resolve({ text, hung });
      const socket = connect(this.port, this.host, () => socket.end(bytes));
      socket.setTimeout(this.hangMs, () => {
        hung = true;
        socket.destroy();
      });
      socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
      // A server that has refused may reset what is still on its way.
      socket.on('error', () => undefined);
      socket.on('close', end);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
