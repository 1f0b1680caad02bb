import { Controller, Get } from '@nestjs/common';
import {
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiPropertyOptional,
  ApiTags,
} from '@nestjs/swagger';
import { Public } from '../auth/public.decorator.js';
import { Refuses } from '../common/refuses.decorator.js';
import { CheckerService } from './checker/checker.service.js';
import { type Degradation, DEGRADATIONS, Readiness } from './readiness.js';

class HealthDto {
  @ApiProperty({ example: 'ok' })
  status: string;
}

class ReadyDto {
  /** `degraded`: give it traffic, and have somebody look. */
  @ApiProperty({ enum: ['ok', 'degraded'], example: 'ok' })
  status: 'ok' | 'degraded';
  /** Why orders are answered 503 while everything that reads is served, when that is so. */
  @ApiPropertyOptional({ enum: DEGRADATIONS, isArray: true, example: ['database_read_only'] })
  reasons?: readonly Degradation[];
  /** The rules of the checker that do not hold, when there are any. */
  @ApiPropertyOptional({ type: [String], example: ['I03'] })
  broken_rules?: readonly string[];
}

/** Probes: live says the process runs, ready says it should be given traffic. */
@ApiTags('operations')
@Public()
@Controller('health')
export class HealthController {
  constructor(
    private readonly readiness: Readiness,
    private readonly checker: CheckerService,
  ) {}

  @Get('live')
  @ApiOperation({ summary: 'The process runs' })
  @ApiOkResponse({ type: HealthDto })
  live(): HealthDto {
    return { status: 'ok' };
  }

  @Get('ready')
  @ApiOperation({ summary: 'The shop can serve: the database answers and no shutdown has begun' })
  @ApiOkResponse({ type: ReadyDto })
  @Refuses('UNAVAILABLE')
  async ready(): Promise<ReadyDto> {
    const reasons = await this.readiness.check();
    const { brokenRules } = this.checker;
    // Wrong rows, the database with its limits and the queue are everybody's: taking this instance out
    // of service would help nobody.
    return {
      status: reasons.length + brokenRules.length === 0 ? 'ok' : 'degraded',
      ...(reasons.length > 0 ? { reasons } : {}),
      ...(brokenRules.length > 0 ? { broken_rules: brokenRules } : {}),
    };
  }
}
