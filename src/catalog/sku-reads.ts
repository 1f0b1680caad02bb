import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ShopError } from '../common/errors.js';
import { bilingual } from '../common/language.js';
import { yuan } from '../common/money.js';
import { type Page, type PageRequest, pageOf } from '../common/pagination.js';
import { Config } from '../config/config.js';
import { BestSellers } from './best-sellers.js';
import type { SearchHitDto, SkuDetailDto, SkuDto } from './catalog.dto.js';
import { CategoryReads } from './category-reads.js';
import { imageUrl } from './image-url.js';
import { SearchIndex } from './search-index.js';
import { searchWords } from './search-text.js';

interface SkuRow {
  id: number;
  name: string;
  caption: string;
  priceFen: number;
  image: string;
  comments: number;
}

/** Some rows of a list that has so many in all. */
interface Portion {
  readonly total: number;
  readonly rows: readonly SkuRow[];
}

const SKU_COLUMNS = `
  s.id, s.name, s.caption, s.price_fen AS priceFen, s.default_image AS image, s.comments`;

/** What a list in this order is read off: an index on (category, launched, …). */
const INDEXED = {
  '-create_time': 's.created_at DESC, s.id DESC',
  price: 's.price_fen, s.id',
  '-price': 's.price_fen DESC, s.id DESC',
} as const;

/** Kept in memory: see BestSellers. */
const BY_SALES = '-sales';

export const SKU_ORDERINGS = ['-create_time', 'price', '-price', BY_SALES] as const;
type Ordering = (typeof SKU_ORDERINGS)[number];

const HOT_SKUS = 2;
/** So many best sellers are looked at for them, since some may have been taken off sale since. */
const HOT_CANDIDATES = 10;

/** The SKUs that are on sale, one by one and in lists. */
@Injectable()
export class SkuReads {
  constructor(
    private readonly dataSource: DataSource,
    private readonly config: Config,
    private readonly categories: CategoryReads,
    private readonly index: SearchIndex,
    private readonly bestSellers: BestSellers,
  ) {}

  /**
   * SKUs on sale in a category of the third level, newest first unless `ordering` says else. By
   * sales, which they are and how many may be a few seconds old (see BestSellers); what is shown of
   * them is not, and one that is off sale leaves a gap in its page until then.
   */
  async inCategory(
    categoryId: number,
    ordering: string | undefined,
    request: PageRequest,
  ): Promise<Page<SkuDto>> {
    const known = knownOrdering(ordering || '-create_time');
    await this.categories.breadcrumb(categoryId);
    const { total, rows } =
      known === BY_SALES
        ? await this.listed(await this.bestSellers.of(categoryId), request)
        : await this.indexed(categoryId, INDEXED[known], request);
    const base = new URL(`/categories/${categoryId}/skus/`, this.config.PUBLIC_URL);
    if (ordering) {
      base.searchParams.set('ordering', ordering);
    }
    const skus = rows.map((row) => this.sku(row));
    return pageOf(request, total, skus, base);
  }

  /** The best sellers of a category, as of a few seconds ago. */
  async hot(categoryId: number): Promise<SkuDto[]> {
    await this.categories.breadcrumb(categoryId);
    const ids = await this.bestSellers.of(categoryId);
    const skus = await this.ofIds(ids.slice(0, HOT_CANDIDATES));
    return skus.slice(0, HOT_SKUS);
  }

  /** Those of these SKUs that are on sale, in the order asked for. */
  async ofIds(ids: readonly number[]): Promise<SkuDto[]> {
    const rows = await this.rowsOf(ids);
    return rows.map((row) => this.sku(row));
  }

  /** One SKU on sale. NOT_FOUND when there is none, or when it is not on sale any more. */
  async detail(skuId: number): Promise<SkuDetailDto> {
    const [row] = await this.dataSource.query<
      (SkuRow & {
        stock: number;
        categoryId: number;
        category: string;
        spuId: number;
        spu: string;
      })[]
    >(
      `SELECT ${SKU_COLUMNS}, s.stock, c.id AS categoryId, c.name AS category,
              p.id AS spuId, p.name AS spu
       FROM skus s
       JOIN categories c ON c.id = s.category_id
       JOIN spus p ON p.id = s.spu_id
       WHERE s.id = ? AND s.is_launched = TRUE`,
      [skuId],
    );
    if (!row) {
      throw new ShopError('NOT_FOUND');
    }
    return Object.assign(this.sku(row), {
      caption: row.caption,
      stock: row.stock,
      category: { id: row.categoryId, name: row.category },
      spu: { id: row.spuId, name: row.spu },
    });
  }

  /**
   * SKUs on sale whose name or caption has every word of the text, best sellers first. Which they
   * are may be a few seconds old (see SearchIndex), as with the list by sales.
   */
  async search(text: string, request: PageRequest): Promise<Page<SearchHitDto>> {
    const ids = await this.index.find(searchWords(text));
    const { total, rows } = await this.listed(ids, request);
    const base = new URL('/skus/search/', this.config.PUBLIC_URL);
    base.searchParams.set('text', text);
    const hits = rows.map((row) => ({
      text: `${row.name} ${row.caption}`.trim(),
      object: this.sku(row),
    }));
    return pageOf(request, total, hits, base);
  }

  /** A page of a list of ids. */
  private async listed(ids: readonly number[], { page, size }: PageRequest): Promise<Portion> {
    const first = (page - 1) * size;
    return { total: ids.length, rows: await this.rowsOf(ids.slice(first, first + size)) };
  }

  /** The rows of those that are still on sale, in the order of the ids. */
  private async rowsOf(ids: readonly number[]): Promise<SkuRow[]> {
    if (ids.length === 0) {
      return [];
    }
    const rows = await this.dataSource.query<SkuRow[]>(
      `SELECT ${SKU_COLUMNS} FROM skus s WHERE s.id IN (?) AND s.is_launched = TRUE`,
      [ids],
    );
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => byId.get(id)).filter((row) => row !== undefined);
  }

  /** The index alone leads to the page; only its rows are read in full, however deep it lies. */
  private async indexed(
    categoryId: number,
    orderBy: string,
    { page, size }: PageRequest,
  ): Promise<Portion> {
    const [count] = await this.dataSource.query<{ n: number }[]>(
      'SELECT COUNT(*) AS n FROM skus WHERE category_id = ? AND is_launched = TRUE',
      [categoryId],
    );
    const rows = await this.dataSource.query<SkuRow[]>(
      `SELECT ${SKU_COLUMNS}
       FROM (SELECT s.id FROM skus s WHERE s.category_id = ? AND s.is_launched = TRUE
             ORDER BY ${orderBy} LIMIT ? OFFSET ?) page
       JOIN skus s ON s.id = page.id
       ORDER BY ${orderBy}`,
      [categoryId, size, (page - 1) * size],
    );
    return { total: count?.n ?? 0, rows };
  }

  private sku({ id, name, priceFen, image, comments }: SkuRow): SkuDto {
    return {
      id,
      name,
      price: yuan(priceFen),
      default_image_url: imageUrl(image, this.config),
      comments,
    };
  }
}

/** What the client sends never reaches the SQL itself. */
function knownOrdering(text: string): Ordering {
  const known = SKU_ORDERINGS.find((name) => name === text);
  if (known === undefined) {
    const names = SKU_ORDERINGS.join(', ');
    const message = bilingual(`排序方式须为 ${names} 之一`, `One of ${names}`);
    throw new ShopError('VALIDATION_FAILED', { fields: [{ field: 'ordering', message }] });
  }
  return known;
}
