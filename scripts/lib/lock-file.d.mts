export interface LockedPackage {
  version?: string;
  resolved?: string;
  optional?: boolean;
  dev?: boolean;
  os?: string[];
  cpu?: string[];
  optionalDependencies?: Record<string, string>;
}
export interface LockFile {
  packages: Record<string, LockedPackage>;
}
export interface Missing {
  name: string;
  version: string;
  isDev: boolean;
}
export function missingEntries(lock: LockFile): Missing[];
export function addressedEntries(lock: LockFile): string[];
export function platformOf(name: string): Pick<LockedPackage, 'os' | 'cpu'>;
export function completeLock(lock: LockFile): LockFile;
