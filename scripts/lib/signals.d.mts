export function exitCodeOf(signal: NodeJS.Signals): number;
