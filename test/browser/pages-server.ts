import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { extname, join } from 'node:path';

const PAGES = join(import.meta.dirname, 'pages');
const AXIOS = join(import.meta.dirname, '../../node_modules/axios/dist/axios.min.js');
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

/** Serves the files of test/browser/pages, and axios from where it is installed. */
export class PagesServer {
  private constructor(private readonly server: Server) {}

  static async start(): Promise<PagesServer> {
    const server = createServer((request, response) => {
      const name = new URL(request.url ?? '/', 'http://pages').pathname.slice(1);
      const file = name === 'axios.min.js' ? AXIOS : join(PAGES, name);
      readFile(file).then(
        (bytes) => {
          response.setHeader('Content-Type', TYPES[extname(name)] ?? 'text/plain');
          response.end(bytes);
        },
        () => response.writeHead(404).end(),
      );
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new PagesServer(server);
  }

  get port(): number {
    const address = this.server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
