import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AreasModule } from '../areas/areas.module.js';
import { Config } from '../config/config.js';
import { AccountsController } from './accounts.controller.js';
import { Address } from './addresses/address.entity.js';
import { AddressesController } from './addresses/addresses.controller.js';
import { AddressesService } from './addresses/addresses.service.js';
import { ProfileController } from './profile.controller.js';
import { SmsCodes } from './sms/sms-codes.js';
import { SmsSender, smsSenderFor } from './sms/sms-sender.js';
import { User } from './user.entity.js';
import { UsersService } from './users.service.js';

/** Accounts and delivery addresses. */
@Module({
  imports: [TypeOrmModule.forFeature([User, Address]), AreasModule],
  controllers: [AccountsController, ProfileController, AddressesController],
  providers: [
    UsersService,
    AddressesService,
    SmsCodes,
    {
      provide: SmsSender,
      inject: [Config],
      useFactory: (config: Config) => smsSenderFor(config.NODE_ENV),
    },
  ],
})
export class UsersModule {}
