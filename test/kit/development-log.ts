import { Logger } from '@nestjs/common';
import { vi } from 'vitest';

/**
 * What the log of a shop tells outside production: image codes, SMS codes and mails. The shop has to
 * run in this process. It is read as a person would read it, there is no other way to these.
 */
export class DevelopmentLog {
  private readonly lines: string[] = [];

  /** Listens from now on. */
  static read(): DevelopmentLog {
    const log = new DevelopmentLog();
    const write = Logger.prototype.log;
    vi.spyOn(Logger.prototype, 'log').mockImplementation(function (this: Logger, ...args) {
      log.lines.push(String(args[0]));
      return write.apply(this, args);
    });
    return log;
  }

  /** The text of the image under this id. */
  imageCode(id: string): string {
    return this.last(new RegExp(`^Image code ${id}: (\\w{4})$`));
  }

  /** The last code that was sent to this number, of which the log shows both ends. */
  smsCode(mobile: string): string {
    const masked = `${mobile.slice(0, 3)}\\*{4}${mobile.slice(-4)}`;
    return this.last(new RegExp(`^SMS code for ${masked}: (\\d{6})$`));
  }

  /** The token of the last link that was mailed to this address. */
  mailedToken(email: string): string {
    const address = email.replaceAll('.', '\\.');
    return this.last(new RegExp(`^Mail to ${address}: .*\\?token=([\\w.-]+)\\n`, 's'));
  }

  private last(pattern: RegExp): string {
    for (const line of this.lines.toReversed()) {
      const found = pattern.exec(line)?.[1];
      if (found !== undefined) {
        return found;
      }
    }
    throw new Error(`the log has no line like ${pattern.source}`);
  }
}
