import { Logger } from '@nestjs/common';
import { createTransport } from 'nodemailer';
import { ShopError } from '../../common/errors.js';
import type { Config } from '../../config/config.js';

/** Deadlines of the mail server, in milliseconds: to connect and greet, and of silence after. */
const CONNECT_MS = 2000;
const SILENCE_MS = 4000;

/** One mail in plain text. `to` is one address, checked before. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Whoever delivers mail. */
export abstract class Mailer {
  /** Hands the mail over for delivery. Throws ShopError MAIL_UNAVAILABLE when that fails. */
  abstract send(mail: Mail): Promise<void>;
}

/** For development: the mail is read in the log. */
class LogMailer extends Mailer {
  private readonly logger = new Logger('Mail');

  async send({ to, subject, text }: Mail): Promise<void> {
    this.logger.log(`Mail to ${to}: ${subject}\n${text}`);
  }
}

/** Over SMTP. In production a connection that is not encrypted is refused. */
class SmtpMailer extends Mailer {
  private readonly logger = new Logger('Mail');
  private readonly transport;

  constructor({ SMTP_URL, MAIL_FROM, NODE_ENV }: Config) {
    super();
    this.transport = createTransport(
      {
        url: SMTP_URL,
        requireTLS: NODE_ENV === 'production',
        connectionTimeout: CONNECT_MS,
        greetingTimeout: CONNECT_MS,
        socketTimeout: SILENCE_MS,
      },
      { from: MAIL_FROM },
    );
  }

  async send({ to, subject, text }: Mail): Promise<void> {
    try {
      // As an object, so that the address is not read as a list of several.
      await this.transport.sendMail({ to: { name: '', address: to }, subject, text });
    } catch (error) {
      const { code } = error as { code?: string };
      this.logger.error(`the mail server did not take a mail: ${code ?? 'no reason given'}`);
      throw new ShopError('MAIL_UNAVAILABLE');
    }
  }
}

/** For production as long as no server is set up: refuses, since nothing would arrive. */
class NoMailer extends Mailer {
  async send(): Promise<void> {
    throw new ShopError('MAIL_UNAVAILABLE');
  }
}

/** The mailer these settings ask for. Only outside production is a mail ever written to the log. */
export function mailerFor(config: Config): Mailer {
  if (config.SMTP_URL) {
    return new SmtpMailer(config);
  }
  return config.NODE_ENV === 'production' ? new NoMailer() : new LogMailer();
}
