import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { Role } from '../auth/principal.js';

/** A buyer or an administrator. */
@Entity('users')
export class User {
  @PrimaryGeneratedColumn({ type: 'int', unsigned: true })
  id: number;

  @Column({ type: 'varchar', length: 20 })
  username: string;

  @Column({ type: 'char', length: 11 })
  mobile: string;

  @Column({ type: 'varchar', length: 254, nullable: true })
  email: string | null;

  @Column({ name: 'email_active', type: 'boolean' })
  emailActive: boolean;

  @Column({ name: 'password_hash', type: 'varchar', length: 255 })
  passwordHash: string;

  @Column({ type: 'varchar', length: 16 })
  role: Role;

  @Column({ name: 'default_address_id', type: 'int', unsigned: true, nullable: true })
  defaultAddressId: number | null;

  /** Tokens made with an older version are dead. */
  @Column({ name: 'token_version', type: 'int', unsigned: true })
  tokenVersion: number;
}
