import { Body, Controller, Delete, Get, HttpCode, Post, Put } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { Caller } from '../auth/caller.decorator.js';
import type { Principal } from '../auth/principal.js';
import type { ErrorCode } from '../common/errors.js';
import { Refuses } from '../common/refuses.decorator.js';
import {
  CartLineDto,
  CartLineRequestDto,
  CartLineSavedDto,
  CartRemovalDto,
  CartSelectionDto,
  CartSelectionSavedDto,
} from './cart.dto.js';
import { CartService } from './cart.service.js';

const LINE_REFUSALS: ErrorCode[] = [
  'VALIDATION_FAILED',
  'SKU_NOT_FOUND',
  'CART_STOCK_INSUFFICIENT',
  'CART_COUNT_LIMIT',
  'CART_LIMIT',
];

@ApiTags('cart')
@Authenticated()
@Refuses('BUSY', 'UNAVAILABLE')
@Controller('cart')
export class CartController {
  constructor(private readonly cart: CartService) {}

  @Get('/')
  @ApiOperation({ summary: 'The cart, by SKU id; lines whose SKU is not on sale are left out' })
  @ApiOkResponse({ type: [CartLineDto] })
  list(@Caller() { id }: Principal): Promise<CartLineDto[]> {
    return this.cart.list(id);
  }

  @Post('/')
  @ApiOperation({ summary: 'Put more of a SKU into the cart; the stock must cover the total' })
  @ApiCreatedResponse({ type: CartLineSavedDto, description: 'The request, not the total' })
  @Refuses(...LINE_REFUSALS)
  add(@Caller() { id }: Principal, @Body() line: CartLineRequestDto): Promise<CartLineSavedDto> {
    return this.cart.add(id, line);
  }

  @Put('/')
  @ApiOperation({ summary: 'Make it exactly so many of a SKU' })
  @ApiOkResponse({ type: CartLineSavedDto })
  @Refuses(...LINE_REFUSALS)
  set(@Caller() { id }: Principal, @Body() line: CartLineRequestDto): Promise<CartLineSavedDto> {
    return this.cart.set(id, line);
  }

  @Delete('/')
  @HttpCode(204)
  @ApiOperation({ summary: 'Take a SKU out of the cart' })
  @ApiNoContentResponse({ description: 'It is not in the cart (any more)' })
  @Refuses('VALIDATION_FAILED')
  remove(@Caller() { id }: Principal, @Body() { sku_id }: CartRemovalDto): Promise<void> {
    return this.cart.remove(id, sku_id);
  }

  @Put('selection/')
  @ApiOperation({ summary: 'Tick or untick every line that is on sale' })
  @ApiOkResponse({ type: CartSelectionSavedDto })
  @Refuses('VALIDATION_FAILED')
  async select(
    @Caller() { id }: Principal,
    @Body() { selected }: CartSelectionDto,
  ): Promise<CartSelectionSavedDto> {
    await this.cart.select(id, selected);
    return { message: 'OK' };
  }
}
