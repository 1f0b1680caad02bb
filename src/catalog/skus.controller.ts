import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';
import { Public } from '../auth/public.decorator.js';
import { IdPipe } from '../common/ids.pipe.js';
import { Paged } from '../common/page.decorator.js';
import { type Page, pageRequest } from '../common/pagination.js';
import { Refuses } from '../common/refuses.decorator.js';
import { CommentDto, type SearchHitDto, SearchPageDto, SkuDetailDto } from './catalog.dto.js';
import { CommentReads } from './comment-reads.js';
import { SkuReads } from './sku-reads.js';

@ApiTags('catalogue')
@Public()
@Controller('skus')
export class SkusController {
  constructor(
    private readonly skus: SkuReads,
    private readonly comments: CommentReads,
  ) {}

  @Get('search/')
  @ApiOperation({ summary: 'The SKUs on sale that have every word of a text' })
  @ApiQuery({ name: 'text', required: false, maxLength: 100, example: 'iPhone 64GB' })
  @Paged()
  @ApiOkResponse({ type: SearchPageDto })
  @Refuses('VALIDATION_FAILED', 'NOT_FOUND')
  search(
    @Query('text') text?: string,
    @Query('page') page?: string,
    @Query('page_size') size?: string,
  ): Promise<Page<SearchHitDto>> {
    return this.skus.search(text ?? '', pageRequest(page, size));
  }

  @Get(':id/')
  @ApiOperation({ summary: 'One SKU on sale, with its stock, caption, category and SPU' })
  @ApiParam({ name: 'id', type: Number, example: 3 })
  @ApiOkResponse({ type: SkuDetailDto })
  @Refuses('NOT_FOUND')
  detail(@Param('id', IdPipe) id: number): Promise<SkuDetailDto> {
    return this.skus.detail(id);
  }

  @Get(':id/comments/')
  @ApiOperation({ summary: 'What buyers say of a SKU on sale: the newest 30 comments' })
  @ApiParam({ name: 'id', type: Number, example: 3 })
  @ApiOkResponse({ type: [CommentDto] })
  @Refuses('NOT_FOUND')
  commentsOf(@Param('id', IdPipe) id: number): Promise<CommentDto[]> {
    return this.comments.ofSku(id);
  }
}
