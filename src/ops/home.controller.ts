import { readFile } from 'node:fs/promises';
import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../auth/public.decorator.js';
import { ShopError } from '../common/errors.js';
import { Config } from '../config/config.js';

/** Where the build puts the shop window, seen from the compiled file and from the source. */
const FOLDERS = ['../../shop-window/', '../../dist/shop-window/'].map(
  (path) => new URL(path, import.meta.url),
);

/** The build names its files so: no path, and a hash of what is in them. */
const ASSET = /^[\w-]+-[\w-]{8}\.(js|css|svg)$/;
const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

/**
 * The front door: the shop window where it is enabled, else the documentation where that is. The
 * window finds its pages behind the `#` of the address, so every other path stays the API's.
 */
@ApiExcludeController()
@Public()
@Controller()
export class HomeController {
  constructor(private readonly config: Config) {}

  @Get()
  async home(@Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer | undefined> {
    if (this.config.shopWindowEnabled) {
      reply.type('text/html; charset=utf-8').header('Cache-Control', 'no-cache');
      return built('index.html');
    }
    if (this.config.docsEnabled) {
      reply.status(302).header('Location', '/docs');
      return undefined;
    }
    throw new ShopError('NOT_FOUND');
  }

  @Get('assets/:file')
  async asset(
    @Param('file') file: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const type = TYPES[ASSET.exec(file)?.[1] ?? ''];
    if (!this.config.shopWindowEnabled || type === undefined) {
      throw new ShopError('NOT_FOUND');
    }
    const content = await built(`assets/${file}`);
    reply.type(type).header('Cache-Control', 'public, max-age=31536000, immutable');
    return content;
  }
}

/** Reads a file of the window. It is small and read seldom, and so a new build needs no restart. */
async function built(file: string): Promise<Buffer> {
  for (const folder of FOLDERS) {
    try {
      return await readFile(new URL(file, folder));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        throw error;
      }
    }
  }
  throw new ShopError('NOT_FOUND');
}
