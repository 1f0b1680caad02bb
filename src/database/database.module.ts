import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Config } from '../config/config.js';
import { databaseOptions } from './options.js';
import { prepareSessions } from './session.js';

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
})
export class DatabaseModule {}
