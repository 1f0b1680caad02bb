import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../auth/public.decorator.js';
import { IdPipe } from '../common/ids.pipe.js';
import { Refuses } from '../common/refuses.decorator.js';
import { AreaDto, AreaWithSubsDto } from './areas.dto.js';
import { AreasService } from './areas.service.js';

const CACHE_CONTROL = 'public, max-age=86400';

/** Provinces, cities and districts. Answers may be cached for a day, refusals may not. */
@ApiTags('areas')
@Public()
@Controller('areas')
export class AreasController {
  constructor(private readonly areas: AreasService) {}

  @Get('/')
  @ApiOperation({ summary: 'All provinces' })
  @ApiOkResponse({ type: [AreaDto] })
  async provinces(@Res({ passthrough: true }) reply: FastifyReply): Promise<AreaDto[]> {
    const provinces = await this.areas.provinces();
    reply.header('Cache-Control', CACHE_CONTROL);
    return provinces;
  }

  @Get(':id/')
  @ApiOperation({ summary: 'One area and what lies directly inside it' })
  @ApiParam({ name: 'id', type: Number, example: 110000 })
  @ApiOkResponse({ type: AreaWithSubsDto })
  @Refuses('NOT_FOUND')
  async one(
    @Param('id', IdPipe) id: number,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AreaWithSubsDto> {
    const area = await this.areas.withSubs(id);
    reply.header('Cache-Control', CACHE_CONTROL);
    return area;
  }
}
