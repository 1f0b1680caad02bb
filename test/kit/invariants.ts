import { check, sentence } from '../../src/ops/checker/check.js';
import type { TestDatabase } from './database.js';

/** Names the rules that do not hold, with the offending rows. Empty is good. */
export async function violations({ dataSource }: TestDatabase): Promise<string[]> {
  return (await check(dataSource)).map(sentence);
}
