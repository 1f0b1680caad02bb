import type { Area } from './area.entity.js';

/** All areas in memory, ordered by code: who lies in whom, and what it is called. */
export class AreaIndex {
  private readonly byId: ReadonlyMap<number, Area>;
  private readonly byParent = new Map<number | null, Area[]>();

  constructor(areas: readonly Area[]) {
    const ordered = [...areas].sort((a, b) => a.id - b.id);
    this.byId = new Map(ordered.map((area) => [area.id, area]));
    for (const area of ordered) {
      const siblings = this.byParent.get(area.parentId);
      if (siblings) {
        siblings.push(area);
      } else {
        this.byParent.set(area.parentId, [area]);
      }
    }
  }

  get size(): number {
    return this.byId.size;
  }

  find(id: number): Area | undefined {
    return this.byId.get(id);
  }

  /** The areas directly inside this one; of null, the provinces. */
  inside(parentId: number | null): readonly Area[] {
    return this.byParent.get(parentId) ?? [];
  }

  /** True when the district lies in the city and the city in the province. */
  fits(provinceId: number, cityId: number, districtId: number): boolean {
    return (
      this.byId.get(provinceId)?.parentId === null &&
      this.byId.get(cityId)?.parentId === provinceId &&
      this.byId.get(districtId)?.parentId === cityId
    );
  }
}
