import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { FAULT_KINDS, type FaultKind } from '../gateway/faults.js';
import type { NotifyMode } from '../store/records.js';

const YUAN = /^\d{1,9}\.\d{2}$/;

/** Names one trade by either of its numbers. */
export class TradeNameDto {
  @IsOptional()
  @IsString()
  out_trade_no?: string;

  @IsOptional()
  @IsString()
  trade_no?: string;
}

/** What a program pays: exactly one of the three ways to name it. */
export class PayDto {
  /** A signed page.pay or wap.pay URL, a cashier URL or a precreate `qr_code`. */
  @IsOptional()
  @IsString()
  page_url?: string;

  /** A signed app.pay order string. */
  @IsOptional()
  @IsString()
  order_string?: string;

  /** The number of an order whose page was opened before. */
  @IsOptional()
  @IsString()
  out_trade_no?: string;

  /** The account that pays; the demo buyer when left out. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  buyer?: string;
}

export class AdvanceDto {
  /** How far, such as `90s`, `4m`, `26h` or `90d`. */
  @IsString()
  by: string;
}

export class ClockDto {
  @IsInt()
  offset_ms: number;
}

export class SettingsDto {
  @IsOptional()
  @IsIn(['auto', 'hold', 'drop'])
  notify_mode?: NotifyMode;

  /** `default`, `all`, or statuses by product such as `{"page": ["TRADE_CLOSED"]}`. */
  @IsOptional()
  notify_policy?: unknown;
}

export class HoldDto {
  /** True keeps new notifications back; false lets them, and those kept back, go. */
  @IsBoolean()
  hold: boolean;
}

export class FlushDto extends TradeNameDto {
  @IsOptional()
  @IsIn(['asc', 'desc'])
  order?: 'asc' | 'desc';
}

export class ResendDto {
  @IsOptional()
  @IsString()
  notify_id?: string;

  /** The latest notification of this order, when no `notify_id` is given. */
  @IsOptional()
  @IsString()
  out_trade_no?: string;

  /** How many copies, sent in parallel. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1000)
  times?: number;

  @IsOptional()
  @IsObject()
  before?: Record<string, unknown>;

  @IsOptional()
  @IsObject()
  after?: Record<string, unknown>;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  omit?: string[];

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  duplicate?: string[];

  @IsOptional()
  @IsBoolean()
  foreign_key?: boolean;

  @IsOptional()
  @IsIn(['utf-8', 'gbk'])
  charset?: 'utf-8' | 'gbk';

  @IsOptional()
  @IsBoolean()
  empty?: boolean;

  @IsOptional()
  @IsString()
  content_type?: string;

  /** Posts to this address instead of the order's own. */
  @IsOptional()
  @IsString()
  url?: string;

  /** Only builds the forms and returns them. */
  @IsOptional()
  @IsBoolean()
  dry_run?: boolean;
}

export class MoneyDto {
  @Matches(YUAN)
  amount: string;
}

export class BuyerMoneyDto extends MoneyDto {
  @IsString()
  @MaxLength(64)
  buyer: string;
}

export class HideDto extends TradeNameDto {
  @IsOptional()
  @IsBoolean()
  hidden?: boolean;
}

export class FaultDto {
  /** A full method name such as `alipay.trade.query`, or `*`. */
  @Matches(/^(\*|[a-z.]{1,80})$/)
  method: string;

  @IsIn(FAULT_KINDS)
  kind: FaultKind;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100_000)
  times?: number;

  @IsOptional()
  @IsString()
  out_trade_no?: string;
}
