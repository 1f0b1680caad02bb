export type Role = 'buyer' | 'admin';

/** Who is calling, as the verified token says. */
export interface Principal {
  readonly id: number;
  readonly username: string;
  readonly role: Role;
  /** The user's token version when the token was made; older ones are revoked. */
  readonly version: number;
}

/** Metadata key under which a route names the role it demands. */
export const ROLE = 'role';
