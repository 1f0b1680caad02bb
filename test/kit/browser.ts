import { type Answer, Client } from './client.js';

/** A client that keeps its cookies as a browser does, and sends a token where it is told to. */
export class Browser {
  readonly cookies = new Map<string, string>();
  private readonly client: Client;

  constructor(url: string) {
    this.client = new Client(url);
  }

  /** Sends `token` as the original pages do, `undefined` included. */
  async send<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    token?: string,
  ): Promise<Answer<T>> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await this.client.send<T>(method, path, body, {
      Authorization: `JWT ${token}`,
      ...(cookie === '' ? {} : { Cookie: cookie }),
    });
    answer.headers.getSetCookie().forEach((line) => this.keep(line));
    return answer;
  }

  /** A second browser with the same cookies. */
  copy(url: string): Browser {
    const copy = new Browser(url);
    this.cookies.forEach((value, name) => copy.cookies.set(name, value));
    return copy;
  }

  private keep(line: string): void {
    const [pair = '', ...attributes] = line.split('; ');
    const name = pair.slice(0, pair.indexOf('='));
    if (attributes.includes('Max-Age=0')) {
      this.cookies.delete(name);
    } else {
      this.cookies.set(name, pair.slice(name.length + 1));
    }
  }
}
