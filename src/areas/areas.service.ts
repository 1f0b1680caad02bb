import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { ShopError } from '../common/errors.js';
import { Area } from './area.entity.js';
import { AreaIndex } from './area-index.js';
import type { AreaDto, AreaWithSubsDto } from './areas.dto.js';

/** Reference data that never changes while the shop runs, so it is read once and kept. */
@Injectable()
export class AreasService {
  private known?: AreaIndex;

  constructor(@InjectRepository(Area) private readonly areas: Repository<Area>) {}

  /** All areas. An empty table is not remembered, since it is about to be filled. */
  async index(): Promise<AreaIndex> {
    if (this.known) {
      return this.known;
    }
    const index = new AreaIndex(await this.areas.find());
    this.known = index.size > 0 ? index : undefined;
    return index;
  }

  async provinces(): Promise<AreaDto[]> {
    return (await this.index()).inside(null).map(toDto);
  }

  /** Throws NOT_FOUND when there is no such area. */
  async withSubs(id: number): Promise<AreaWithSubsDto> {
    const index = await this.index();
    const area = index.find(id);
    if (!area) {
      throw new ShopError('NOT_FOUND');
    }
    return { ...toDto(area), subs: index.inside(id).map(toDto) };
  }
}

function toDto({ id, name }: Area): AreaDto {
  return { id, name };
}
