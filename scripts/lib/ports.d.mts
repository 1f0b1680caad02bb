export function firstOutgoing(): number;
export function freePort(): Promise<number>;
export function isPortFree(port: number): Promise<boolean>;
export function readPort(setting: string, value: string | undefined, fallback: number): number;
export function requireFreePort(setting: string, port: number): Promise<void>;
export function take(port: number): Promise<boolean>;
