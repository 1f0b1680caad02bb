import { Module } from '@nestjs/common';
import { AdminSkusController } from './admin/admin-skus.controller.js';
import { AdminSkusService } from './admin/admin-skus.service.js';
import { BestSellers } from './best-sellers.js';
import { CategoriesController } from './categories.controller.js';
import { CategoryReads } from './category-reads.js';
import { CommentReads } from './comment-reads.js';
import { BrowseHistoriesController } from './history/browse-histories.controller.js';
import { BrowseHistories } from './history/browse-histories.service.js';
import { PicturesController } from './pictures.controller.js';
import { SearchIndex } from './search-index.js';
import { SkuReads } from './sku-reads.js';
import { SkusController } from './skus.controller.js';

/** The shop window (categories, SKUs on sale, search, comments, pictures) and the counter behind it. */
@Module({
  controllers: [
    CategoriesController,
    SkusController,
    BrowseHistoriesController,
    PicturesController,
    AdminSkusController,
  ],
  providers: [
    CategoryReads,
    SkuReads,
    CommentReads,
    SearchIndex,
    BestSellers,
    BrowseHistories,
    AdminSkusService,
  ],
})
export class CatalogModule {}
