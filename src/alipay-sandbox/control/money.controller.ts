import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { parseYuan } from '../rules/money.js';
import { Store } from '../store/store.js';
import { Accounts } from '../trades/accounts.js';
import { BuyerMoneyDto, MoneyDto } from './dto.js';
import { accountView } from './views.js';

/** Who has how much, and moving money in and out of the sandbox. */
@Controller('sandbox')
export class MoneyController {
  constructor(
    private readonly store: Store,
    private readonly accounts: Accounts,
  ) {}

  @Get('accounts')
  list(): object {
    const seller = accountView(this.accounts.seller());
    const buyers = [...this.store.accounts.values()].filter(({ kind }) => kind === 'buyer');
    return { seller, buyers: buyers.map(accountView) };
  }

  /** Takes money from the seller; more than is there is refused. */
  @Post('seller/withdraw')
  @HttpCode(200)
  withdraw(@Body() dto: MoneyDto): object {
    return accountView(this.accounts.withdraw(this.accounts.seller(), parseYuan(dto.amount) ?? 0));
  }

  @Post('seller/deposit')
  @HttpCode(200)
  deposit(@Body() dto: MoneyDto): object {
    return accountView(this.accounts.deposit(this.accounts.seller(), parseYuan(dto.amount) ?? 0));
  }

  /** Leaves a buyer with this much. */
  @Post('buyers/balance')
  @HttpCode(200)
  setBalance(@Body() dto: BuyerMoneyDto): object {
    const buyer = this.accounts.buyer(dto.buyer);
    const changeFen = (parseYuan(dto.amount) ?? 0) - buyer.balanceFen;
    return accountView(this.accounts.deposit(buyer, changeFen));
  }
}
