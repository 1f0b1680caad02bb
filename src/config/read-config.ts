import { readFileSync } from 'node:fs';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validateSync } from 'class-validator';
import { alipayKeyProblems } from './alipay-keys.js';
import { Config } from './config.js';
import { unsafeInProduction } from './production-rules.js';

/** Settings that may come from a file, named by `NAME_FILE`. */
const SECRETS = [
  'DATABASE_URL',
  'REDIS_URL',
  'JWT_SECRET',
  'ALIPAY_PRIVATE_KEY',
  'ALIPAY_PUBLIC_KEY',
  'METRICS_TOKEN',
  'WEBHOOK_SECRET',
  'SMTP_URL',
];

/** Thrown when the settings do not allow a start; `problems` are sentences without any value. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The settings do not allow a start:\n${problems.map((p) => `  - ${p}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/** Reads and checks the whole environment at once. Throws ConfigError with every problem found. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const problems: string[] = [];
  const values = withFiles(env, problems);
  const config = plainToInstance(Config, values, { exposeDefaultValues: true });
  for (const { property, constraints } of validateSync(config, { stopAtFirstError: true })) {
    const [rule = 'is not valid'] = Object.values(constraints ?? {});
    problems.push(`${property}: ${property in values ? bare(rule, property) : 'is missing'}`);
  }
  // One sentence per setting is enough, and the first one is the plainest.
  const told = new Set(problems.map(settingOf));
  const more = [
    ...waitingProblems(config),
    ...alipayKeyProblems(config),
    ...unsafeInProduction(config),
  ];
  problems.push(...more.filter((problem) => !told.has(settingOf(problem))));
  if (problems.length > 0) {
    throw new ConfigError(problems);
  }
  return config;
}

/** A promise that comes after the deadline is none: the request was answered 503 by then. */
function waitingProblems(config: Config): string[] {
  const { ORDER_STRATEGY, QUEUE_WAIT_MS, REQUEST_DEADLINE_MS } = config;
  return ORDER_STRATEGY === 'queue' && QUEUE_WAIT_MS >= REQUEST_DEADLINE_MS
    ? ['QUEUE_WAIT_MS: must be less than REQUEST_DEADLINE_MS, or 503 comes before the 202']
    : [];
}

/** The rule without the setting's name, which stands before it already. */
function bare(rule: string, setting: string): string {
  return rule.replace(`each value in ${setting} `, 'each ').replace(`${setting} `, '');
}

function settingOf(problem: string): string | undefined {
  return problem.split(':', 1)[0];
}

/** `NAME_FILE` names a file that holds the value of `NAME`. */
function withFiles(env: NodeJS.ProcessEnv, problems: string[]): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value && SETTING_NAMES.has(name)) {
      values[name] = value;
    }
  }
  for (const name of SECRETS) {
    const file = env[`${name}_FILE`];
    if (file && values[name] !== undefined) {
      problems.push(`${name}: is given twice, by ${name} and by ${name}_FILE`);
    } else if (file) {
      try {
        values[name] = readFileSync(file, 'utf8').trim();
      } catch {
        problems.push(`${name}_FILE: the file cannot be read`);
      }
    }
  }
  return values;
}

/** The names of all settings, read from the rules above so that no second list can differ. */
export const SETTING_NAMES: ReadonlySet<string> = new Set(
  getMetadataStorage()
    .getTargetValidationMetadatas(Config, '', false, false)
    .map((rule) => rule.propertyName),
);
