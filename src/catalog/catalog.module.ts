import { Module } from '@nestjs/common';
import { CategoriesController } from './categories.controller.js';
import { CategoryReads } from './category-reads.js';
import { PicturesController } from './pictures.controller.js';
import { SkuReads } from './sku-reads.js';
import { SkusController } from './skus.controller.js';

/** The shop window: categories, SKUs on sale, search, pictures. */
@Module({
  controllers: [CategoriesController, SkusController, PicturesController],
  providers: [CategoryReads, SkuReads],
})
export class CatalogModule {}
