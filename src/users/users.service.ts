import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { DataSource, Repository } from 'typeorm';
import type { Principal } from '../auth/principal.js';
import { Revocations } from '../auth/revocations.js';
import { Tokens } from '../auth/tokens.js';
import { ShopError } from '../common/errors.js';
import { isDuplicate } from '../database/errors.js';
import { inTransaction, type Tx, type Written } from '../database/transaction.js';
import { hashPassword, passwordMatches } from './passwords.js';
import { MOBILE } from './rules.js';
import { SmsCodes } from './sms/sms-codes.js';
import { User } from './user.entity.js';
import type {
  ChangePasswordDto,
  LoggedInDto,
  LoginDto,
  ProfileDto,
  RegisterDto,
  RegisteredDto,
} from './users.dto.js';

/** Accounts: registering, logging in, the profile and the password. */
@Injectable()
export class UsersService {
  constructor(
    private readonly dataSource: DataSource,
    @InjectRepository(User) private readonly users: Repository<User>,
    private readonly smsCodes: SmsCodes,
    private readonly tokens: Tokens,
    private readonly revocations: Revocations,
  ) {}

  /** 1 when somebody has this name or number, else 0. */
  count(taken: { username: string } | { mobile: string }): Promise<number> {
    return this.users.countBy(taken);
  }

  /**
   * Makes an account. Throws AGREEMENT_REQUIRED, PASSWORDS_DIFFER, SMS_CODE_INVALID, USERNAME_TAKEN or
   * MOBILE_TAKEN. Who is registered already is told only to somebody who holds the mobile number, so
   * the code is compared first. The password is hashed last, since that is expensive.
   */
  async register(form: RegisterDto): Promise<RegisteredDto> {
    const { username, mobile, password, sms_code } = form;
    if (form.allow !== 'true') {
      throw new ShopError('AGREEMENT_REQUIRED');
    }
    if (password !== form.password2) {
      throw new ShopError('PASSWORDS_DIFFER');
    }
    await this.smsCodes.check(mobile, sms_code);
    await this.refuseTaken(username, mobile);
    const passwordHash = await hashPassword(password);
    const id = await inTransaction(this.dataSource, async (tx) => {
      await this.smsCodes.use(tx, mobile, sms_code);
      return insertUser(tx, username, mobile, passwordHash);
    });
    const token = this.tokens.issue({ id, username, role: 'buyer', version: 0 });
    return { id, username, mobile, token };
  }

  /** By user name or mobile number. Throws LOGIN_FAILED, the same for an unknown user. */
  async login({ username: name, password }: LoginDto): Promise<LoggedInDto> {
    const user = await this.users.findOneBy(
      MOBILE.test(name) ? { mobile: name } : { username: name },
    );
    const meant = user && isSpelling(name, user) ? user : null;
    if (!(await passwordMatches(meant?.passwordHash, password)) || !meant) {
      throw new ShopError('LOGIN_FAILED');
    }
    const { id, username, role, tokenVersion } = meant;
    const token = this.tokens.issue({ id, username, role, version: tokenVersion });
    return { token, user_id: id, username };
  }

  async profile(id: number): Promise<ProfileDto> {
    const { username, mobile, email, emailActive } = await this.byId(id);
    return { id, username, mobile, email: email ?? '', email_active: emailActive };
  }

  /**
   * Changes the caller's own password; every token made before is dead. Throws NOT_FOUND for
   * another id, PASSWORDS_DIFFER, PASSWORD_UNCHANGED and OLD_PASSWORD_WRONG.
   */
  async changePassword(caller: Principal, id: number, form: ChangePasswordDto): Promise<void> {
    if (id !== caller.id) {
      throw new ShopError('NOT_FOUND');
    }
    if (form.password !== form.password2) {
      throw new ShopError('PASSWORDS_DIFFER');
    }
    if (form.password === form.old_password) {
      throw new ShopError('PASSWORD_UNCHANGED');
    }
    const { passwordHash } = await this.byId(id);
    if (!(await passwordMatches(passwordHash, form.old_password))) {
      throw new ShopError('OLD_PASSWORD_WRONG');
    }
    const newHash = await hashPassword(form.password);
    const version = await inTransaction(this.dataSource, (tx) =>
      replacePassword(tx, id, passwordHash, newHash),
    );
    this.revocations.note(id, version);
  }

  /** The unique keys decide in the end; asking first spares the hash of the password. */
  private async refuseTaken(username: string, mobile: string): Promise<void> {
    if ((await this.count({ username })) > 0) {
      throw new ShopError('USERNAME_TAKEN');
    }
    if ((await this.count({ mobile })) > 0) {
      throw new ShopError('MOBILE_TAKEN');
    }
  }

  private async byId(id: number): Promise<User> {
    const user = await this.users.findOneBy({ id });
    if (!user) {
      throw new ShopError('NOT_AUTHENTICATED');
    }
    return user;
  }
}

/**
 * The database takes `é` for `e` and ignores blanks at the end. A login does not: each spelling would
 * have its own count of wrong passwords. Upper and lower case stay the same name.
 */
function isSpelling(name: string, { username, mobile }: User): boolean {
  return name === mobile || name.toLowerCase() === username.toLowerCase();
}

async function insertUser(
  tx: Tx,
  username: string,
  mobile: string,
  passwordHash: string,
): Promise<number> {
  try {
    const { insertId } = await tx.query<Written>(
      'INSERT INTO users (username, mobile, password_hash) VALUES (?, ?, ?)',
      [username, mobile, passwordHash],
    );
    return insertId;
  } catch (error) {
    if (isDuplicate(error, 'uq_users_username')) {
      throw new ShopError('USERNAME_TAKEN');
    }
    throw isDuplicate(error, 'uq_users_mobile') ? new ShopError('MOBILE_TAKEN') : error;
  }
}

/** Replaces exactly the hash that was compared, so of two changes at once only one succeeds. */
async function replacePassword(
  tx: Tx,
  id: number,
  oldHash: string,
  newHash: string,
): Promise<number> {
  const { affectedRows } = await tx.query<Written>(
    `UPDATE users SET password_hash = ?, token_version = token_version + 1,
       tokens_revoked_at = UTC_TIMESTAMP(3)
     WHERE id = ? AND password_hash = ?`,
    [newHash, id, oldHash],
  );
  if (affectedRows !== 1) {
    throw new ShopError('OLD_PASSWORD_WRONG');
  }
  const user = await tx.manager.findOneByOrFail(User, { id });
  return user.tokenVersion;
}
