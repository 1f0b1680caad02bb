import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

const GREETING = '220 test ready';
const ANSWERS: Readonly<Record<string, string>> = {
  EHLO: '250 test',
  AUTH: '235 whoever you are',
  MAIL: '250 go on',
  RCPT: '250 go on',
  DATA: '354 end with a dot',
  QUIT: '221 bye',
};

/** A mail server that takes every mail and keeps it. It knows no encryption and takes any password. */
export class SmtpServer {
  /** Every mail as it came: the addresses of the envelope, and the text. */
  readonly mails: { readonly to: readonly string[]; readonly text: string }[] = [];
  /** When set, every sender is refused. */
  isRefusing = false;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<SmtpServer> {
    const smtp = new SmtpServer(createServer());
    smtp.server.on('connection', (socket) => smtp.serve(socket));
    smtp.server.listen(0, '127.0.0.1');
    await once(smtp.server, 'listening');
    return smtp;
  }

  get url(): string {
    const address = this.server.address();
    return `smtp://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  }

  async stop(): Promise<void> {
    this.server.close();
    await once(this.server, 'close');
  }

  private serve(socket: Socket): void {
    let to: string[] = [];
    let text: string | undefined;
    let rest = '';
    const answer = (line: string) => socket.write(`${line}\r\n`);
    const read = (line: string): void => {
      if (text !== undefined) {
        if (line !== '.') {
          text += `${line}\n`;
          return;
        }
        this.mails.push({ to, text });
        [to, text] = [[], undefined];
        answer('250 taken');
        return;
      }
      const command = line.slice(0, 4).toUpperCase();
      const refused = this.isRefusing && command === 'MAIL';
      answer(refused ? '550 not from you' : (ANSWERS[command] ?? '500 unknown'));
      if (command === 'RCPT') {
        to.push(/<(.*)>/.exec(line)?.[1] ?? '');
      } else if (command === 'DATA') {
        text = '';
      }
    };
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString()).split('\r\n');
      rest = lines.pop() ?? '';
      lines.forEach(read);
    });
    answer(GREETING);
  }
}
