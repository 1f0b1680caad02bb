import { Body, Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { Faults, type FaultRule } from '../gateway/faults.js';
import { Store } from '../store/store.js';
import { Warnings } from '../store/warnings.js';
import { FaultDto } from './dto.js';
import { warningView } from './views.js';

/** Faults to come, and warnings about what was seen. */
@Controller('sandbox')
export class TroubleController {
  constructor(
    private readonly store: Store,
    private readonly faults: Faults,
    private readonly warnings: Warnings,
  ) {}

  @Get('faults')
  list(): object {
    return { faults: this.faults.list().map(faultView) };
  }

  @Post('faults')
  @HttpCode(200)
  add(@Body() dto: FaultDto): object {
    const { method, kind, times, out_trade_no: outTradeNo } = dto;
    this.faults.add({ method, kind, left: times ?? 1, outTradeNo });
    return this.list();
  }

  @Delete('faults')
  clear(): object {
    this.faults.clear();
    return this.list();
  }

  @Get('warnings')
  seen(): object {
    return {
      warnings: this.warnings.list('warning').map(warningView),
      notes: this.warnings.list('note').map(warningView),
    };
  }

  @Delete('warnings')
  forget(): object {
    this.store.forgetWarnings();
    return this.seen();
  }
}

function faultView(rule: FaultRule): object {
  const { method, kind, left, outTradeNo } = rule;
  return { method, kind, left, out_trade_no: outTradeNo ?? null };
}
