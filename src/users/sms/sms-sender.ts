import { Logger } from '@nestjs/common';
import { ShopError } from '../../common/errors.js';
import type { Config } from '../../config/config.js';

/** Whoever delivers text messages. */
export abstract class SmsSender {
  /** Hands the code over for delivery. Throws ShopError SMS_UNAVAILABLE when that fails. */
  abstract send(mobile: string, code: string): Promise<void>;
}

/** For development: the code is read in the log. */
export class LogSmsSender extends SmsSender {
  private readonly logger = new Logger('Sms');

  async send(mobile: string, code: string): Promise<void> {
    this.logger.log(`SMS code for ${mobile.slice(0, 3)}****${mobile.slice(-4)}: ${code}`);
  }
}

/** For production as long as no provider is set up: refuses, since nothing would arrive. */
class NoSmsSender extends SmsSender {
  async send(): Promise<void> {
    throw new ShopError('SMS_UNAVAILABLE');
  }
}

/** The sender of this environment. */
export function smsSenderFor(environment: Config['NODE_ENV']): SmsSender {
  return environment === 'production' ? new NoSmsSender() : new LogSmsSender();
}
