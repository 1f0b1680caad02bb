import { DataSource } from 'typeorm';

/** Injects the pool that orders are placed on (`packetOptions`). */
export abstract class PacketDataSource extends DataSource {}
