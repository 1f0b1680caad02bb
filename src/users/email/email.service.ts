import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ShopError } from '../../common/errors.js';
import { inTransaction, type Tx } from '../../database/transaction.js';
import { withinQuota } from '../quotas.js';
import { User } from '../user.entity.js';
import { lockUser } from '../users.locks.js';
import { type EmailClaim, EmailLinks } from './email-links.js';
import { type Mail, Mailer } from './mailer.js';

/** The address of a user, and the proof that it is theirs. */
@Injectable()
export class EmailService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly links: EmailLinks,
    private readonly mailer: Mailer,
  ) {}

  /**
   * Mails the link and, once the mail is on its way, takes the address over; another one than
   * before is not verified. Throws TOO_MANY_REQUESTS and MAIL_UNAVAILABLE; nothing is changed then.
   */
  async change(userId: number, email: string): Promise<void> {
    await withinQuota(this.dataSource, 'email', String(userId), async () => {
      await this.mailer.send(verification(email, this.links.linkFor({ userId, email })));
      await inTransaction(this.dataSource, (tx) => store(tx, { userId, email }));
    });
  }

  /**
   * Marks the address as verified, as often as the link is opened. Throws EMAIL_LINK_INVALID, also
   * when the user has another address by now.
   */
  async verify(token: string): Promise<void> {
    const claim = this.links.read(token);
    if (!claim) {
      throw new ShopError('EMAIL_LINK_INVALID');
    }
    await inTransaction(this.dataSource, (tx) => activate(tx, claim));
  }
}

async function store(tx: Tx, { userId, email }: EmailClaim): Promise<void> {
  const user = await lockUser(tx, userId);
  const emailActive = user?.email === email && user.emailActive;
  await tx.manager.update(User, { id: userId }, { email, emailActive });
}

/** Compared here and not by the database, to which Ann@x.cn and ann@x.cn are the same. */
async function activate(tx: Tx, { userId, email }: EmailClaim): Promise<void> {
  const user = await lockUser(tx, userId);
  if (user?.email !== email) {
    throw new ShopError('EMAIL_LINK_INVALID');
  }
  await tx.manager.update(User, { id: userId }, { emailActive: true });
}

function verification(to: string, link: string): Mail {
  return {
    to,
    subject: '美多商城邮箱验证 / Verify your e-mail address',
    text: `请在 24 小时内打开以下链接，完成邮箱验证：
Open this link within 24 hours to verify your address:

${link}

如非本人操作，请忽略此邮件。If this was not you, ignore this mail.
`,
  };
}
