import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_POLICY } from '../rules/notify-policy.js';
import type { Changes, Settings, Tables } from './records.js';

type Maps = { [T in keyof Tables]: Map<string, Tables[T]> };

/** Pages opened long ago are forgotten first; trades and notifications are kept for good. */
const LIMITS: Partial<Record<keyof Tables, number>> = { sessions: 5000, warnings: 1000 };

/**
 * The books: every record in memory, and a journal on disk.
 *
 * The journal has one JSON line per change, holding all records changed together, so a change is
 * there as a whole or not at all. It is written before the answer leaves, in one system call: a
 * killed process loses nothing, and a payment costs one short line, where a snapshot would cost all
 * the books. (A power cut may lose the last moments; for a sandbox that is good enough.)
 * It is compacted when the sandbox stops, never at start: a second process that is started by
 * mistake fails at the port without having touched the file of the first.
 */
export class Store {
  private readonly maps: Maps = {
    trades: new Map(),
    sessions: new Map(),
    notices: new Map(),
    accounts: new Map(),
    warnings: new Map(),
    settings: new Map(),
  };
  private readonly tradeNoByMerchantNo = new Map<string, string>();
  private readonly file: string;
  private readonly journal: number;

  constructor(dataDir: string) {
    mkdirSync(dataDir, { recursive: true });
    this.file = join(dataDir, 'journal.jsonl');
    this.journal = openSync(this.file, 'a+');
    this.load(readFileSync(this.file, 'utf8'));
  }

  get trades(): ReadonlyMap<string, Tables['trades']> {
    return this.maps.trades;
  }

  get sessions(): ReadonlyMap<string, Tables['sessions']> {
    return this.maps.sessions;
  }

  get notices(): ReadonlyMap<string, Tables['notices']> {
    return this.maps.notices;
  }

  get accounts(): ReadonlyMap<string, Tables['accounts']> {
    return this.maps.accounts;
  }

  get warnings(): ReadonlyMap<string, Tables['warnings']> {
    return this.maps.warnings;
  }

  /** The trade for a merchant's own number, which is unique for the merchant. */
  tradeByMerchantNo(outTradeNo: string): Tables['trades'] | undefined {
    return this.maps.trades.get(this.tradeNoByMerchantNo.get(outTradeNo) ?? '');
  }

  get settings(): Settings {
    return this.maps.settings.get('settings') ?? freshSettings();
  }

  /** Writes the records to disk and then to memory; all of them or, when the disk fails, none. */
  put(changes: Changes): void {
    writeSync(this.journal, `${JSON.stringify(changes)}\n`);
    this.apply(changes);
  }

  changeSettings(change: Partial<Settings>): void {
    this.put({ settings: [{ ...this.settings, ...change }] });
  }

  forgetWarnings(): void {
    this.maps.warnings.clear();
    this.compact();
  }

  /** Forgets everything but the keys. */
  reset(): void {
    ftruncateSync(this.journal);
    for (const map of Object.values(this.maps)) map.clear();
    this.tradeNoByMerchantNo.clear();
  }

  close(): void {
    closeSync(this.journal);
    const draft = `${this.file}.draft`;
    writeFileSync(draft, this.asLines());
    renameSync(draft, this.file);
  }

  private compact(): void {
    const lines = this.asLines();
    ftruncateSync(this.journal);
    writeSync(this.journal, lines);
  }

  private asLines(): string {
    const lines: string[] = [];
    for (const [table, map] of Object.entries(this.maps)) {
      for (const record of map.values()) lines.push(`${JSON.stringify({ [table]: [record] })}\n`);
    }
    return lines.join('');
  }

  private load(text: string): void {
    for (const line of text.split('\n')) {
      const changes = parseLine(line);
      if (changes) this.apply(changes);
    }
    // A line cut short by a kill must not swallow the next one.
    if (text !== '' && !text.endsWith('\n')) writeSync(this.journal, '\n');
  }

  private apply(changes: Changes): void {
    for (const table of Object.keys(changes) as (keyof Tables)[]) {
      this.applyTable(this.maps[table], table, changes[table] ?? []);
    }
    for (const trade of changes.trades ?? []) {
      this.tradeNoByMerchantNo.set(trade.order.outTradeNo, trade.id);
    }
  }

  private applyTable(
    map: Map<string, { id: string }>,
    table: keyof Tables,
    records: readonly { id: string }[],
  ): void {
    for (const record of records) map.set(record.id, record);
    const limit = LIMITS[table] ?? Infinity;
    for (const id of map.keys()) {
      if (map.size <= limit) return;
      map.delete(id);
    }
  }
}

function parseLine(line: string): Changes | undefined {
  try {
    return line === '' ? undefined : (JSON.parse(line) as Changes);
  } catch {
    // Only the last line can be torn, and what it told was never answered to anyone.
    return undefined;
  }
}

function freshSettings(): Settings {
  return {
    id: 'settings',
    clockOffsetMs: 0,
    notifyMode: 'auto',
    notifyPolicy: DEFAULT_POLICY,
  };
}
