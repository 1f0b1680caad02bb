export function freePort(host?: string): Promise<number>;
export function isPortFree(port: number): Promise<boolean>;
export function readPort(setting: string, value: string | undefined, fallback: number): number;
export function requireFreePort(setting: string, port: number): Promise<void>;
