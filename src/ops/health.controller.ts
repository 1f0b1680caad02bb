import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Public } from '../auth/public.decorator.js';
import { Refuses } from '../common/refuses.decorator.js';
import { Readiness } from './readiness.js';

class HealthDto {
  @ApiProperty({ example: 'ok' })
  status: string;
}

/** Probes: live says the process runs, ready says it should be given traffic. */
@ApiTags('operations')
@Public()
@Controller('health')
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get('live')
  @ApiOperation({ summary: 'The process runs' })
  @ApiOkResponse({ type: HealthDto })
  live(): HealthDto {
    return { status: 'ok' };
  }

  @Get('ready')
  @ApiOperation({ summary: 'The shop can serve: the database answers and no shutdown has begun' })
  @ApiOkResponse({ type: HealthDto })
  @Refuses('UNAVAILABLE')
  async ready(): Promise<HealthDto> {
    await this.readiness.check();
    return { status: 'ok' };
  }
}
