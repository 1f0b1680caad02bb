import { type ShopProcess, spawnShop } from '../../kit/process.js';

/** Processes of the built shop on one database, which come and go. */
export class Fleet {
  private readonly shops: (ShopProcess | undefined)[] = [];

  private constructor(
    private readonly databaseUrl: string,
    private readonly settings: Record<string, string>,
  ) {}

  /** `settings` are those of all processes, `own` what each of them has beside. */
  static async start(
    count: number,
    databaseUrl: string,
    settings: Record<string, string> = {},
    own: readonly Record<string, string>[] = [],
  ): Promise<Fleet> {
    const fleet = new Fleet(databaseUrl, settings);
    const begun = await Promise.allSettled(
      Array.from({ length: count }, (_, i) => fleet.begin(i, own[i])),
    );
    const failure = begun.find(({ status }) => status === 'rejected');
    if (failure) {
      await fleet.close();
      throw (failure as PromiseRejectedResult).reason;
    }
    return fleet;
  }

  /** Where the processes that run can be reached. */
  get urls(): readonly string[] {
    return this.shops.flatMap((shop) => (shop ? [shop.url] : []));
  }

  at(i: number): ShopProcess {
    const shop = this.shops[i];
    if (!shop) {
      throw new Error(`process ${i} does not run`);
    }
    return shop;
  }

  /** Starts process `i` (again), with settings of its own if any, and returns when it is ready. */
  async begin(i: number, settings: Record<string, string> = {}): Promise<void> {
    this.shops[i] = await spawnShop(this.databaseUrl, { ...this.settings, ...settings });
  }

  /** kill -9; everybody still tries to reach it until it is replaced. */
  async kill(i: number): Promise<void> {
    await this.at(i).kill();
  }

  /** A new process in the place of `i`. */
  async replace(i: number): Promise<void> {
    const { settings, databaseUrl } = this;
    this.shops[i] = await spawnShop(databaseUrl, settings);
  }

  async close(): Promise<void> {
    await Promise.all(this.shops.flatMap((shop) => (shop ? [shop.kill()] : [])));
  }
}
