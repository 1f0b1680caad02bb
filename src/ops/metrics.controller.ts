import { timingSafeEqual } from 'node:crypto';
import { Controller, Get, Header, Headers } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { collectDefaultMetrics } from 'prom-client';
import { Public } from '../auth/public.decorator.js';
import { ShopError } from '../common/errors.js';
import { registry } from '../common/metrics.js';
import { Refuses } from '../common/refuses.decorator.js';
import { Config } from '../config/config.js';

if (!registry.getSingleMetric('process_cpu_user_seconds_total')) {
  collectDefaultMetrics({ register: registry });
}

/** What the process counts. In production only with METRICS_TOKEN. */
@ApiTags('operations')
@Public()
@Controller('metrics')
export class MetricsController {
  constructor(private readonly config: Config) {}

  @Get()
  @Header('Content-Type', registry.contentType)
  @ApiOperation({ summary: 'Counters in Prometheus’ text format' })
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string' } })
  @Refuses('NOT_AUTHENTICATED', 'NOT_FOUND')
  metrics(@Headers('authorization') authorization: string | undefined): Promise<string> {
    const token = this.config.METRICS_TOKEN;
    if (token === undefined && this.config.NODE_ENV === 'production') {
      throw new ShopError('NOT_FOUND');
    }
    if (token !== undefined && !same(authorization ?? '', `Bearer ${token}`)) {
      throw new ShopError('NOT_AUTHENTICATED');
    }
    return registry.metrics();
  }
}

function same(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
