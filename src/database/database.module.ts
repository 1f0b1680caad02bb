import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { Config } from '../config/config.js';
import { databaseOptions, packetOptions } from './options.js';
import { PacketDataSource } from './packet-data-source.js';
import { prepareSessions } from './session.js';

/** Opens a pool and gives each of its connections the session the shop relies on. */
async function opened(options: DataSourceOptions): Promise<DataSource> {
  const dataSource = await new DataSource(options).initialize();
  await prepareSessions(dataSource);
  return dataSource;
}

/** The connections of the process: one pool for everything, and a small one for placing orders. */
@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [Config],
      useFactory: (config: Config) => ({
        ...databaseOptions(config.DATABASE_URL, config.DATABASE_POOL_SIZE, config.DATABASE_TLS),
        autoLoadEntities: true,
        retryAttempts: 0,
      }),
      dataSourceFactory: (options) => opened(options!),
    }),
  ],
  providers: [
    {
      provide: PacketDataSource,
      inject: [Config],
      useFactory: (config: Config) =>
        opened(packetOptions(config.DATABASE_URL, config.DATABASE_TLS)),
    },
  ],
  exports: [PacketDataSource],
})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(@Inject(PacketDataSource) private readonly packets: DataSource) {}

  async onApplicationShutdown(): Promise<void> {
    await this.packets.destroy();
  }
}
