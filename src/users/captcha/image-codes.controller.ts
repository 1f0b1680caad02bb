import { Controller, Get, Header, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Public } from '../../auth/public.decorator.js';
import { Refuses } from '../../common/refuses.decorator.js';
import { RateLimited } from '../../limits/rate-limited.decorator.js';
import { PatternPipe } from '../rules.js';
import { IMAGE_CODE_ID, ImageCodes } from './image-codes.js';

/** An SVG can carry scripts and load other files; this one may do neither. */
const INERT = "default-src 'none'; frame-ancestors 'none'; sandbox";

@ApiTags('accounts')
@Public()
@Controller('image_codes')
export class ImageCodesController {
  constructor(private readonly imageCodes: ImageCodes) {}

  @Get(':id/')
  @RateLimited('captcha')
  @Header('Content-Type', 'image/svg+xml; charset=utf-8')
  @Header('Content-Security-Policy', INERT)
  @ApiOperation({
    summary: 'A captcha image under an id of your choice',
    description: 'Good for five minutes and one try. In development, the log tells its text.',
  })
  @ApiParam({ name: 'id', format: 'uuid', example: '5c3d2f0e-8f7a-4d55-9a43-0c3f0f1b7a10' })
  @ApiOkResponse({ content: { 'image/svg+xml': { schema: { type: 'string' } } } })
  @Refuses('NOT_FOUND', 'BUSY')
  image(@Param('id', new PatternPipe(IMAGE_CODE_ID)) id: string): Promise<string> {
    return this.imageCodes.draw(id);
  }
}
