/** What a sandbox needs to know to start. */
export interface SandboxOptions {
  /** Port to listen on; 0 takes any free one. */
  port: number;
  host: string;
  /** Folder for the keys and the books; made when missing. */
  dataDir: string;
  appId: string;
  sellerId: string;
  /** Address people and merchants reach the sandbox at; made of host and port when left out. */
  publicUrl?: string;
}

/**
 * The running sandbox's facts, shared by everything in it. The public address is complete only
 * after listening, because the port may have been chosen by the system.
 */
export class SandboxFacts {
  publicUrl: string;

  constructor(private readonly options: SandboxOptions) {
    this.publicUrl = options.publicUrl ?? `http://localhost:${options.port}`;
  }

  get appId(): string {
    return this.options.appId;
  }

  get sellerId(): string {
    return this.options.sellerId;
  }

  get dataDir(): string {
    return this.options.dataDir;
  }
}

/** Reads the options from the environment; throws with the name of the key that is wrong. */
export function optionsFromEnv(env: NodeJS.ProcessEnv): SandboxOptions {
  const port = Number(env['SANDBOX_PORT'] || 3001);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`SANDBOX_PORT must be a port number, not "${env['SANDBOX_PORT']}".`);
  }
  const publicUrl = (env['SANDBOX_PUBLIC_URL'] || `http://localhost:${port}`).replace(/\/+$/, '');
  if (!URL.canParse(publicUrl)) {
    throw new Error(`SANDBOX_PUBLIC_URL must be a web address, not "${publicUrl}".`);
  }
  return {
    port,
    host: env['SANDBOX_HOST'] || '127.0.0.1',
    dataDir: env['SANDBOX_DATA_DIR'] || '.data/sandbox',
    appId: env['SANDBOX_APP_ID'] || '9021000000000001',
    sellerId: env['SANDBOX_SELLER_ID'] || '2088000000000001',
    publicUrl,
  };
}
