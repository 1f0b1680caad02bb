import { Injectable, Module, type OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Config } from '../config/config.js';
import { checkDatabase } from './boot-check.js';
import { databaseOptions } from './options.js';
import { prepareSessions } from './session.js';

/** Refuses to start on a database that would break the shop's promises. */
@Injectable()
class BootCheck implements OnModuleInit {
  constructor(
    private readonly dataSource: DataSource,
    private readonly config: Config,
  ) {}

  async onModuleInit(): Promise<void> {
    await checkDatabase(this.dataSource, this.config.NODE_ENV);
  }
}

/** The one connection pool of the process. */
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [Config],
      useFactory: (config: Config) => ({
        ...databaseOptions(config.DATABASE_URL, config.DATABASE_POOL_SIZE, config.DATABASE_TLS),
        autoLoadEntities: true,
        retryAttempts: 0,
      }),
      dataSourceFactory: async (options) => {
        const dataSource = await new DataSource(options!).initialize();
        await prepareSessions(dataSource);
        return dataSource;
      },
    }),
  ],
  providers: [BootCheck],
})
export class DatabaseModule {}
