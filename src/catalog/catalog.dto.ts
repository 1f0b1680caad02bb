import { ApiProperty } from '@nestjs/swagger';

const NAME = 'Apple iPhone 8 Plus (A1864) 64GB 金色 移动联通电信4G手机';
const IMAGE = 'http://localhost:3000/pictures/3.svg';
const NEXT = 'http://localhost:3000/categories/115/skus/?page=2&page_size=2';

export class CategoryDto {
  @ApiProperty({ example: 115 })
  id: number;
  @ApiProperty({ example: '手机' })
  name: string;
}

export class SubcategoryDto {
  @ApiProperty({ example: 38 })
  id: number;
  @ApiProperty({ example: '手机通讯' })
  name: string;
  @ApiProperty({ type: [CategoryDto], example: [{ id: 115, name: '手机' }] })
  subs: CategoryDto[];
}

/** A category of the first level with everything below it. */
export class CategoryTreeDto {
  @ApiProperty({ example: 1 })
  id: number;
  @ApiProperty({ example: '手机' })
  name: string;
  @ApiProperty({ type: [SubcategoryDto] })
  subs: SubcategoryDto[];
}

export class ChannelDto {
  @ApiProperty({ type: CategoryDto, example: { id: 1, name: '手机' } })
  category: CategoryDto;
  /** Where the shop's pages show this channel, relative to the shop's own origin. */
  @ApiProperty({ example: '/list.html?cat=115' })
  url: string;
}

/** The way from the first level down to a category of the third level. */
export class BreadcrumbDto {
  @ApiProperty({ type: ChannelDto })
  cat1: ChannelDto;
  @ApiProperty({ type: CategoryDto, example: { id: 38, name: '手机通讯' } })
  cat2: CategoryDto;
  @ApiProperty({ type: CategoryDto, example: { id: 115, name: '手机' } })
  cat3: CategoryDto;
}

export class SkuDto {
  @ApiProperty({ example: 3 })
  id: number;
  @ApiProperty({ example: NAME })
  name: string;
  /** Yuan with two decimals. */
  @ApiProperty({ example: '6499.00' })
  price: string;
  @ApiProperty({ example: IMAGE })
  default_image_url: string;
  /** How many comments buyers have written. */
  @ApiProperty({ example: 0 })
  comments: number;
}

export class SpuDto {
  @ApiProperty({ example: 2 })
  id: number;
  @ApiProperty({ example: 'Apple iPhone 8 Plus' })
  name: string;
}

export class SkuDetailDto extends SkuDto {
  @ApiProperty({ example: '5.5 英寸屏幕，后置双摄，支持无线充电' })
  caption: string;
  /** How many can be bought right now. */
  @ApiProperty({ example: 1000 })
  stock: number;
  @ApiProperty({ type: CategoryDto })
  category: CategoryDto;
  @ApiProperty({ type: SpuDto })
  spu: SpuDto;
}

export class CommentDto {
  /** 0 to 5. */
  @ApiProperty({ example: 5 })
  score: number;
  @ApiProperty({ example: '音质很好，物流也快' })
  comment: string;
  /** First and last character of the name; nothing of it when the buyer wished so. */
  @ApiProperty({ example: 'p***n' })
  username: string;
}

class PageDto {
  @ApiProperty({ example: 14 })
  count: number;
  @ApiProperty({ type: String, nullable: true, example: NEXT })
  next: string | null;
  @ApiProperty({ type: String, nullable: true, example: null })
  previous: string | null;
}

export class SkuPageDto extends PageDto {
  @ApiProperty({ type: [SkuDto] })
  results: SkuDto[];
}

export class SearchHitDto {
  /** What was searched through: name and caption. */
  @ApiProperty({ example: NAME })
  text: string;
  @ApiProperty({ type: SkuDto })
  object: SkuDto;
}

export class SearchPageDto extends PageDto {
  @ApiProperty({ type: [SearchHitDto] })
  results: SearchHitDto[];
}
