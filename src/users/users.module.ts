import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AreasModule } from '../areas/areas.module.js';
import { Config } from '../config/config.js';
import { AccountsController } from './accounts.controller.js';
import { Address } from './addresses/address.entity.js';
import { AddressesController } from './addresses/addresses.controller.js';
import { AddressesService } from './addresses/addresses.service.js';
import { ImageCodes } from './captcha/image-codes.js';
import { ImageCodesController } from './captcha/image-codes.controller.js';
import { EmailController, EmailVerificationController } from './email/email.controller.js';
import { EmailLinks } from './email/email-links.js';
import { EmailService } from './email/email.service.js';
import { Mailer, mailerFor } from './email/mailer.js';
import { ProfileController } from './profile.controller.js';
import { SmsCodes } from './sms/sms-codes.js';
import { SmsSender, smsSenderFor } from './sms/sms-sender.js';
import { User } from './user.entity.js';
import { UsersCleaner } from './users-cleaner.js';
import { UsersService } from './users.service.js';

/** Accounts and delivery addresses. */
@Module({
  imports: [TypeOrmModule.forFeature([User, Address]), AreasModule],
  controllers: [
    AccountsController,
    ImageCodesController,
    ProfileController,
    EmailController,
    EmailVerificationController,
    AddressesController,
  ],
  providers: [
    UsersService,
    AddressesService,
    ImageCodes,
    SmsCodes,
    EmailService,
    EmailLinks,
    UsersCleaner,
    { provide: Mailer, inject: [Config], useFactory: mailerFor },
    {
      provide: SmsSender,
      inject: [Config],
      useFactory: (config: Config) => smsSenderFor(config.NODE_ENV),
    },
  ],
})
export class UsersModule {}
