import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** One address for processes that come and go: every connection goes to one that runs. */
export class Front {
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;
  private turn = 0;
  /** Whom it passes connections on to; none: they are refused. */
  urls: () => readonly string[] = () => [];

  private constructor() {
    this.server = createServer((client) => this.join(client));
  }

  static async open(): Promise<Front> {
    const front = new Front();
    await new Promise<void>((resolve) => front.server.listen(0, '127.0.0.1', resolve));
    return front;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.sockets.forEach((socket) => socket.destroy());
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(client: Socket): void {
    const urls = this.urls();
    const url = urls[this.turn++ % urls.length];
    if (!url) {
      client.on('error', () => {}).destroy();
      return;
    }
    const server = connect(Number(new URL(url).port), '127.0.0.1');
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.sockets.add(from);
      from
        .on('error', () => to.destroy())
        .on('close', () => {
          this.sockets.delete(from);
          to.destroy();
        });
      from.pipe(to);
    }
  }
}
