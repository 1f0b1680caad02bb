import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** A delivery address. Rows stay when the buyer deletes them: orders remember where they went. */
@Entity('addresses')
export class Address {
  @PrimaryGeneratedColumn({ type: 'int', unsigned: true })
  id: number;

  @Column({ name: 'user_id', type: 'int', unsigned: true })
  userId: number;

  @Column({ type: 'varchar', length: 20 })
  title: string;

  @Column({ type: 'varchar', length: 20 })
  receiver: string;

  @Column({ name: 'province_id', type: 'int', unsigned: true })
  provinceId: number;

  @Column({ name: 'city_id', type: 'int', unsigned: true })
  cityId: number;

  @Column({ name: 'district_id', type: 'int', unsigned: true })
  districtId: number;

  @Column({ type: 'varchar', length: 50 })
  place: string;

  @Column({ type: 'char', length: 11 })
  mobile: string;

  @Column({ type: 'varchar', length: 20 })
  tel: string;

  @Column({ type: 'varchar', length: 254 })
  email: string;

  @Column({ name: 'deleted_at', type: 'datetime', precision: 3, nullable: true })
  deletedAt: Date | null;

  @Column({ name: 'updated_at', type: 'datetime', precision: 3 })
  updatedAt: Date;
}
