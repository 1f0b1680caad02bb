import { Body, Controller, Delete, Get, HttpCode, Post, Put } from '@nestjs/common';
import {
  ApiCookieAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { TokenOptional } from '../auth/token-optional.decorator.js';
import { ByVisitor, type Visitor } from '../auth/visitor.decorator.js';
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

const WHOSE_CART = `With a token, the account's cart. Without one, the cart in the signed cookie
\`carts\`, which logging in takes over. A token that never was ours (\`JWT undefined\`, a forged one)
counts as none; one that was ours and has expired or died of a password change is answered 401.`;

/** Without a token, every change answers with the cookie that is the cart. */
const COOKIE_SET = {
  'Set-Cookie': {
    description: 'Without a token: the cart as it is now, signed. Send it back as it is.',
    schema: { type: 'string' as const },
  },
};

/** The same calls and shapes with a token and, through a cookie, without one. */
@ApiTags('cart')
@ApiCookieAuth('cart')
@TokenOptional()
@Refuses('BUSY')
@Controller('cart')
export class CartController {
  constructor(private readonly carts: CartService) {}

  @Get('/')
  @ApiOperation({
    summary: 'The cart, by SKU id; lines whose SKU is not on sale are left out',
    description: WHOSE_CART,
  })
  @ApiOkResponse({ type: [CartLineDto] })
  list(@ByVisitor() visitor: Visitor): Promise<CartLineDto[]> {
    return this.carts.of(visitor).list();
  }

  @Post('/')
  @ApiOperation({ summary: 'Put more of a SKU into the cart; the stock must cover the total' })
  @ApiCreatedResponse({
    type: CartLineSavedDto,
    description: 'The request, not the total',
    headers: COOKIE_SET,
  })
  @Refuses(...LINE_REFUSALS)
  add(@ByVisitor() visitor: Visitor, @Body() line: CartLineRequestDto): Promise<CartLineSavedDto> {
    return this.carts.of(visitor).add(line);
  }

  @Put('/')
  @ApiOperation({ summary: 'Make it exactly so many of a SKU' })
  @ApiOkResponse({ type: CartLineSavedDto, headers: COOKIE_SET })
  @Refuses(...LINE_REFUSALS)
  set(@ByVisitor() visitor: Visitor, @Body() line: CartLineRequestDto): Promise<CartLineSavedDto> {
    return this.carts.of(visitor).set(line);
  }

  @Delete('/')
  @HttpCode(204)
  @ApiOperation({ summary: 'Take a SKU out of the cart' })
  @ApiNoContentResponse({ description: 'It is not in the cart (any more)', headers: COOKIE_SET })
  @Refuses('VALIDATION_FAILED')
  remove(@ByVisitor() visitor: Visitor, @Body() { sku_id }: CartRemovalDto): Promise<void> {
    return this.carts.of(visitor).remove(sku_id);
  }

  @Put('selection/')
  @ApiOperation({ summary: 'Tick or untick every line that is on sale' })
  @ApiOkResponse({ type: CartSelectionSavedDto, headers: COOKIE_SET })
  @Refuses('VALIDATION_FAILED')
  async select(
    @ByVisitor() visitor: Visitor,
    @Body() { selected }: CartSelectionDto,
  ): Promise<CartSelectionSavedDto> {
    await this.carts.of(visitor).select(selected);
    return { message: 'OK' };
  }
}
