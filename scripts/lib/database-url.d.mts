export function withoutPassword(text: string): string;
export function requireListening(text: string): Promise<void>;
export function requireLogin(text: string): Promise<void>;
