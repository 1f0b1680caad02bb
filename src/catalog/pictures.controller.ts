import { createHash } from 'node:crypto';
import { Controller, Get, Headers, Param, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../auth/public.decorator.js';
import { ShopError } from '../common/errors.js';
import { Refuses } from '../common/refuses.decorator.js';
import { DEMO_SKUS } from './demo-skus.js';
import { drawPicture } from './pictures/picture.js';

/** An SVG can carry scripts and load other files; these may do neither. */
const HEADERS = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'Cache-Control': 'public, max-age=31536000, immutable',
};

/** Every picture by its file name, drawn once; there are few and they are small. */
const PICTURES = new Map(
  DEMO_SKUS.map(({ id, design }) => {
    const svg = drawPicture(design);
    const etag = `"${createHash('sha256').update(svg).digest('base64url').slice(0, 22)}"`;
    return [`${id}.svg`, { svg, etag }];
  }),
);

/** The pictures of the demo catalogue. */
@ApiTags('catalogue')
@Public()
@Controller('pictures')
export class PicturesController {
  @Get(':file')
  @ApiOperation({ summary: 'The picture of a product of the demo catalogue' })
  @ApiParam({ name: 'file', example: '3.svg' })
  @ApiOkResponse({ content: { 'image/svg+xml': { schema: { type: 'string' } } } })
  @ApiResponse({ status: 304, description: 'The picture is the one that If-None-Match names' })
  @Refuses('NOT_FOUND')
  picture(
    @Param('file') file: string,
    @Headers('if-none-match') known: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): string | undefined {
    const picture = PICTURES.get(file);
    if (!picture) {
      throw new ShopError('NOT_FOUND');
    }
    reply.headers({ ...HEADERS, ETag: picture.etag });
    if (known?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === picture.etag)) {
      reply.status(304);
      return undefined;
    }
    reply.type('image/svg+xml; charset=utf-8');
    return picture.svg;
  }
}
