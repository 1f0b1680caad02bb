import { createServer, connect, type Server, type Socket } from 'node:net';

const COM_QUERY = 0x03;

/**
 * What happens to one statement on its way. `drop-request`: the server never gets it. `drop-reply`:
 * the server has answered it, the client never learns. Both ends lose their connection.
 */
export type Cut = 'drop-request' | 'drop-reply';

/** Between a client and a MySQL server: passes bytes on, until a statement is to be cut. */
export class MysqlProxy {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private cut?: { readonly statement: RegExp; readonly how: Cut };
  private frozen = false;
  /** Cuts that were made. */
  cuts = 0;

  private constructor(
    private readonly host: string,
    private readonly port: number,
  ) {
    this.server = createServer((client) => this.join(client));
  }

  static async before(host: string, port: number): Promise<MysqlProxy> {
    const proxy = new MysqlProxy(host, port);
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get listensOn(): number {
    const address = this.server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  /** From now on connections stay open and nothing passes any more, as behind a dead router. */
  freeze(frozen: boolean): void {
    this.frozen = frozen;
  }

  /** Cuts the next statement that matches, once. */
  cutNext(statement: RegExp, how: Cut): void {
    this.cut = { statement, how };
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) {
      socket.destroy();
    }
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(client: Socket): void {
    const server = connect(this.port, this.host);
    const end = () => {
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      this.sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', end).on('close', () => {
        this.sockets.delete(socket);
        end();
      });
    }
    let replyDropped = false;
    const packets = new Packets();
    client.on('data', (chunk) => {
      if (this.frozen) {
        return;
      }
      const how = packets
        .read(chunk)
        .map((packet) => this.cutOf(packet))
        .find(Boolean);
      if (how === 'drop-request') {
        end();
        return;
      }
      replyDropped ||= how === 'drop-reply';
      server.write(chunk);
    });
    server.on('data', (chunk) => (replyDropped ? end() : client.write(chunk)));
  }

  private cutOf(packet: Buffer): Cut | undefined {
    if (!this.cut || packet[0] !== COM_QUERY) {
      return undefined;
    }
    const { statement, how } = this.cut;
    if (!statement.test(packet.subarray(1).toString('utf8'))) {
      return undefined;
    }
    this.cut = undefined;
    this.cuts += 1;
    return how;
  }
}

/** Splits a stream into the protocol's packets: three bytes of length, one of sequence. */
class Packets {
  private rest = Buffer.alloc(0);

  read(chunk: Buffer): Buffer[] {
    this.rest = Buffer.concat([this.rest, chunk]);
    const found: Buffer[] = [];
    while (this.rest.length >= 4) {
      const end = 4 + this.rest.readUIntLE(0, 3);
      if (this.rest.length < end) {
        break;
      }
      found.push(this.rest.subarray(4, end));
      this.rest = this.rest.subarray(end);
    }
    return found;
  }
}
