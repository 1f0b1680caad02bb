import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A province, city or district; `id` is its six-digit code of GB/T 2260. */
@Entity('areas')
export class Area {
  @PrimaryColumn({ type: 'int', unsigned: true })
  id: number;

  @Column({ type: 'varchar', length: 50 })
  name: string;

  /** The province of a city, the city of a district; null for a province. */
  @Column({ name: 'parent_id', type: 'int', unsigned: true, nullable: true })
  parentId: number | null;
}
