import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';
import { Public } from '../auth/public.decorator.js';
import { IdPipe } from '../common/ids.pipe.js';
import { Paged } from '../common/page.decorator.js';
import { type Page, pageRequest } from '../common/pagination.js';
import { Refuses } from '../common/refuses.decorator.js';
import { BreadcrumbDto, CategoryTreeDto, SkuDto, SkuPageDto } from './catalog.dto.js';
import { CategoryReads } from './category-reads.js';
import { SKU_ORDERINGS, SkuReads } from './sku-reads.js';

@ApiTags('catalogue')
@Public()
@Controller('categories')
export class CategoriesController {
  constructor(
    private readonly categories: CategoryReads,
    private readonly skus: SkuReads,
  ) {}

  @Get('/')
  @ApiOperation({ summary: 'All categories, as a tree of three levels' })
  @ApiOkResponse({ type: [CategoryTreeDto] })
  tree(): Promise<CategoryTreeDto[]> {
    return this.categories.tree();
  }

  @Get(':id/')
  @ApiOperation({ summary: 'The way down to a category of the third level' })
  @ApiParam({ name: 'id', type: Number, example: 115 })
  @ApiOkResponse({ type: BreadcrumbDto })
  @Refuses('NOT_FOUND')
  breadcrumb(@Param('id', IdPipe) id: number): Promise<BreadcrumbDto> {
    return this.categories.breadcrumb(id);
  }

  @Get(':id/skus/')
  @ApiOperation({
    summary: 'The SKUs on sale in a category of the third level',
    description:
      'By sales, which SKUs are listed, their order and `count` are those of at most five seconds ' +
      'ago; one taken off sale since is left out of its page.',
  })
  @ApiParam({ name: 'id', type: Number, example: 115 })
  @ApiQuery({ name: 'ordering', required: false, enum: SKU_ORDERINGS, example: 'price' })
  @Paged()
  @ApiOkResponse({ type: SkuPageDto })
  @Refuses('VALIDATION_FAILED', 'NOT_FOUND')
  list(
    @Param('id', IdPipe) id: number,
    @Query('ordering') ordering?: string,
    @Query('page') page?: string,
    @Query('page_size') size?: string,
  ): Promise<Page<SkuDto>> {
    return this.skus.inCategory(id, ordering, pageRequest(page, size));
  }

  @Get(':id/hotskus/')
  @ApiOperation({
    summary: 'The two best sellers of a category of the third level',
    description: 'By the sales of at most five seconds ago; none that is off sale now.',
  })
  @ApiParam({ name: 'id', type: Number, example: 115 })
  @ApiOkResponse({ type: [SkuDto] })
  @Refuses('NOT_FOUND')
  hotSkus(@Param('id', IdPipe) id: number): Promise<SkuDto[]> {
    return this.skus.hot(id);
  }
}
