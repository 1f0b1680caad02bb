import { createServer, connect, type Server, type Socket } from 'node:net';
import { Line, type Weather } from './proxy-line.js';

const COM_QUERY = 0x03;

/**
 * What happens to one statement on its way. `drop-request`: the server never gets it. `drop-reply`:
 * the server has answered it, the client never learns. Both ends lose their connection.
 */
export type Cut = 'drop-request' | 'drop-reply';

/** A statement that is stopped on its way until it is released: a named point for races. */
export interface Held {
  /** Settles when the statement, or its reply, has come here. */
  readonly reached: Promise<void>;
  release(): void;
}

/** What becomes of a statement. `down`: from then on nobody gets through any more. */
type Fate =
  | { readonly cut: Cut; readonly down: boolean }
  | {
      readonly hold: 'request' | 'reply';
      readonly reach: () => void;
      readonly until: Promise<void>;
    }
  | { readonly fail: number };

/** Is shown every statement, and whether it is part of a transaction. */
type Trap = (statement: string, inTransaction: boolean) => Fate | undefined;

/**
 * Between a client and a MySQL server: passes bytes on and reads the statements in them. What goes
 * wrong with networks can be switched on: latency, silence, resets, single bytes, and a connection
 * lost at a chosen statement.
 */
export class MysqlProxy {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private readonly traps = new Set<Trap>();
  private readonly rewrites = new Map<RegExp, string>();
  private isDown = false;
  /** The way to the server, and the way back. */
  readonly requests: Weather = { latencyMs: 0, frozen: false, sliced: false };
  readonly replies: Weather = { latencyMs: 0, frozen: false, sliced: false };
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

  /** The URL of a database of the server behind, through this proxy. */
  urlOf(databaseUrl: string): string {
    const url = new URL(databaseUrl);
    url.hostname = '127.0.0.1';
    url.port = String(this.listensOn);
    return url.toString();
  }

  /** From now on connections stay open and nothing passes any more, as behind a dead router. */
  freeze(frozen: boolean): void {
    this.requests.frozen = frozen;
    this.replies.frozen = frozen;
  }

  /** Resets every connection; with `down` every later one too, until `reset()`. */
  reset(down = false): void {
    this.isDown = down;
    this.sockets.forEach((socket) => socket.resetAndDestroy());
  }

  /** Cuts the next statement that matches, once. */
  cutNext(statement: RegExp, how: Cut): void {
    this.once((text) => statement.test(text) && { cut: how, down: false });
  }

  /**
   * At the next statement that matches, or at the `k`th one of a transaction from now (1 is the
   * first), the client is cut off for good, as if its process died there: nothing it does
   * afterwards has an effect. `reset()` lets it live again.
   */
  dieAt(where: number | RegExp, how: Cut): void {
    let seen = 0;
    this.once((text, inTransaction) => {
      seen += inTransaction ? 1 : 0;
      const here = typeof where === 'number' ? seen === where : where.test(text);
      return here && { cut: how, down: true };
    });
  }

  /**
   * Stops a statement on its way to the server, or its reply on the way back: the next one that
   * matches, or the `k`th one of a transaction from now (1 is the first).
   */
  hold(where: number | RegExp, what: 'request' | 'reply' = 'request'): Held {
    let reach = () => {};
    let release = () => {};
    const reached = new Promise<void>((resolve) => (reach = resolve));
    const until = new Promise<void>((resolve) => (release = resolve));
    let seen = 0;
    this.once((text, inTransaction) => {
      seen += inTransaction ? 1 : 0;
      const here = typeof where === 'number' ? seen === where : where.test(text);
      return here && { hold: what, reach, until };
    });
    return { reached, release };
  }

  /**
   * Lets the server fail the next `times` statements that match with an error of this number. The
   * function that is answered ends it, and answers how many have failed.
   */
  failNext(statement: RegExp, errno: number, times: number): () => number {
    let failed = 0;
    const trap: Trap = (text) => {
      if (failed >= times || !statement.test(text)) {
        return undefined;
      }
      failed += 1;
      return { fail: errno };
    };
    this.traps.add(trap);
    return () => {
      this.traps.delete(trap);
      return failed;
    };
  }

  /**
   * Sends `text` in the place of every statement that matches, to break the shop on purpose. It
   * must not be longer. Ends with the function that is answered.
   */
  rewrite(statement: RegExp, text: string): () => void {
    this.rewrites.set(statement, text);
    return () => void this.rewrites.delete(statement);
  }

  /** Collects the statements of transactions, until the function that is answered is called. */
  record(): () => string[] {
    const statements: string[] = [];
    const trap: Trap = (text, inTransaction) => {
      if (inTransaction) {
        statements.push(text.replaceAll(/\s+/g, ' ').trim());
      }
      return undefined;
    };
    this.traps.add(trap);
    return () => {
      this.traps.delete(trap);
      return statements;
    };
  }

  async close(): Promise<void> {
    this.isDown = true;
    for (const socket of this.sockets) {
      socket.destroy();
    }
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** A trap that is gone when it has caught something. */
  private once(look: (statement: string, inTransaction: boolean) => Fate | false): void {
    const trap: Trap = (statement, inTransaction) => {
      const fate = look(statement, inTransaction);
      if (fate) {
        this.traps.delete(trap);
      }
      return fate || undefined;
    };
    this.traps.add(trap);
  }

  private join(client: Socket): void {
    if (this.isDown) {
      client.on('error', () => {}).resetAndDestroy();
      return;
    }
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
    const [there, back] = [new Line(server, this.requests), new Line(client, this.replies)];
    const reader = new StatementReader();
    let onReply: Fate | undefined;
    client.on('data', (chunk) => {
      const fate = this.requests.frozen
        ? undefined
        : reader.read(chunk).map(this.decide).find(Boolean);
      if (fate && 'cut' in fate) {
        this.cuts += 1;
        this.isDown ||= fate.down;
      }
      if (fate && 'cut' in fate && fate.cut === 'drop-request') {
        this.drop(fate, end);
      } else if (fate && 'hold' in fate && fate.hold === 'request') {
        fate.reach();
        there.send(chunk, fate.until);
      } else if (fate && 'fail' in fate) {
        there.send(failing(fate.fail));
      } else {
        onReply = fate ?? onReply;
        there.send(this.rewritten(chunk));
      }
    });
    server.on('data', (chunk) => {
      const fate = onReply;
      onReply = undefined;
      if (fate && 'cut' in fate) {
        this.drop(fate, end);
      } else if (fate && 'hold' in fate) {
        fate.reach();
        back.send(chunk, fate.until);
      } else {
        back.send(chunk);
      }
    });
  }

  private readonly decide = ({ text, inTransaction }: Statement): Fate | undefined => {
    for (const trap of this.traps) {
      const fate = trap(text, inTransaction);
      if (fate) {
        return fate;
      }
    }
    return undefined;
  };

  private drop(fate: Fate, end: () => void): void {
    if ('down' in fate && fate.down) {
      this.reset(true);
    }
    end();
  }

  /** A statement in one piece, with another text of the same length. */
  private rewritten(chunk: Buffer): Buffer {
    if (this.rewrites.size === 0 || chunk[4] !== COM_QUERY) {
      return chunk;
    }
    const text = chunk.subarray(5).toString('utf8');
    for (const [statement, instead] of this.rewrites) {
      if (statement.test(text)) {
        const body = Buffer.from(instead.padEnd(chunk.length - 5));
        return Buffer.concat([chunk.subarray(0, 5), body]);
      }
    }
    return chunk;
  }
}

/** The packet of a statement that does nothing but fail. */
function failing(errno: number): Buffer {
  const text = `SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = ${errno}`;
  const head = Buffer.from([0, 0, 0, 0, COM_QUERY]);
  head.writeUIntLE(text.length + 1, 0, 3);
  return Buffer.concat([head, Buffer.from(text)]);
}

interface Statement {
  readonly text: string;
  readonly inTransaction: boolean;
}

/**
 * Reads the statements in a stream of the protocol's packets (three bytes of length, one of
 * sequence) and knows which of them belong to a transaction, its beginning and end included.
 */
class StatementReader {
  private rest = Buffer.alloc(0);
  private inTransaction = false;

  read(chunk: Buffer): Statement[] {
    this.rest = Buffer.concat([this.rest, chunk]);
    const found: Statement[] = [];
    while (this.rest.length >= 4) {
      const end = 4 + this.rest.readUIntLE(0, 3);
      if (this.rest.length < end) {
        break;
      }
      if (this.rest[4] === COM_QUERY) {
        found.push(this.statement(this.rest.subarray(5, end).toString('utf8')));
      }
      this.rest = this.rest.subarray(end);
    }
    return found;
  }

  private statement(text: string): Statement {
    this.inTransaction ||= /^\s*(SET TRANSACTION|START TRANSACTION)/i.test(text);
    const statement = { text, inTransaction: this.inTransaction };
    if (/^\s*(COMMIT|ROLLBACK)\s*$/i.test(text)) {
      this.inTransaction = false;
    }
    return statement;
  }
}
