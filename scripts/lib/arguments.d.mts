import type { ParseArgsOptionsConfig, parseArgs } from 'node:util';

export function readArguments<const T extends ParseArgsOptionsConfig>(
  help: string,
  args: readonly string[],
  options: T,
): ReturnType<typeof parseArgs<{ options: T }>>['values'];
export function wholeNumber(option: string, text: string, max: number): number;
export function oneOf<const T extends string>(option: string, text: string, names: readonly T[]): T;
export function takesNoArguments(command: string, args?: readonly string[]): void;
