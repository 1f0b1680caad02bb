import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsOptional, IsString, Length } from 'class-validator';
import { bilingual } from '../../common/language.js';

export const QUARANTINE_STATES = ['open', 'resolved', 'all'] as const;

export class QuarantineQueryDto {
  @ApiPropertyOptional({ enum: QUARANTINE_STATES, default: 'open', example: 'open' })
  @IsOptional()
  @IsIn(QUARANTINE_STATES, { message: bilingual('状态有误', 'One of open, resolved and all') })
  state?: (typeof QUARANTINE_STATES)[number];

  @ApiPropertyOptional({ example: '1' })
  @IsOptional()
  @IsString()
  page?: string;

  @ApiPropertyOptional({ example: '20' })
  @IsOptional()
  @IsString()
  page_size?: string;
}

export class ResolveDto {
  /** What was found and done about it. */
  @ApiProperty({ example: '已人工核对，属于旧系统的订单' })
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value))
  @IsString()
  @Length(1, 500, { message: bilingual('处理说明须为 1 至 500 个字符', '1 to 500 characters') })
  note: string;
}

export class QuarantinedDto {
  @ApiProperty({ example: 7 })
  id: number;
  /** mismatch, second_trade or unknown_order. */
  @ApiProperty({ enum: ['mismatch', 'second_trade', 'unknown_order'], example: 'mismatch' })
  verdict: string;
  /** How the shop heard of it. */
  @ApiProperty({ enum: ['notify', 'query'], example: 'notify' })
  source: string;
  @ApiProperty({ type: String, nullable: true, example: '2611222150361230042' })
  out_trade_no: string | null;
  /** Everything Alipay said, as it was received. */
  @ApiProperty({ type: Object, example: { total_amount: '0.01', trade_status: 'TRADE_SUCCESS' } })
  params: Record<string, unknown>;
  /** Beijing time. */
  @ApiProperty({ example: '2026-11-22 21:52:01' })
  receive_time: string;
  @ApiProperty({ type: String, nullable: true, example: null })
  resolve_time: string | null;
  @ApiProperty({ type: Number, nullable: true, example: null })
  resolved_by: number | null;
  @ApiProperty({ type: String, nullable: true, example: null })
  note: string | null;
  /** How the refund of the money stands, once it was decided; null before. */
  @ApiProperty({
    type: String,
    nullable: true,
    enum: ['asked', 'done', 'failed', null],
    example: null,
  })
  refund_status: string | null;
}

export class QuarantinePageDto {
  @ApiProperty({ example: 1 })
  count: number;
  @ApiProperty({ type: String, nullable: true, example: null })
  next: string | null;
  @ApiProperty({ type: String, nullable: true, example: null })
  previous: string | null;
  @ApiProperty({ type: [QuarantinedDto] })
  results: QuarantinedDto[];
}
