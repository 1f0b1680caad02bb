/** What `npm start` needs to know before anything runs. */
export interface Settings {
  port: number;
  sandboxPort: number;
  /** Absolute. */
  dataDir: string;
  /** A database of the person's own. */
  databaseUrl: string | undefined;
  redisUrl: string | undefined;
  needsRedis: boolean;
  /** False when a gateway is named. */
  needsSandbox: boolean;
}
export interface Parts {
  databaseUrl: string;
  redisUrl: string | undefined;
  jwtSecret: string;
}
export function readSettings(env: NodeJS.ProcessEnv): Settings;
export function readEnvironment(): NodeJS.ProcessEnv;
export function withoutEmpty(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
export function sandboxEnvironment(settings: Settings, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
export function apiEnvironment(
  settings: Settings,
  parts: Parts,
  env: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv;
