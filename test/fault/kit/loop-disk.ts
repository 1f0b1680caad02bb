import { execFile, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const SNAPSHOT_TRIES = 50;

/** A file system of its own in a file, which can be as full or as suddenly gone as a real disk. */
export class LoopDisk {
  /** Where it is mounted. */
  readonly dir: string;
  private readonly image: string;
  private mounted = false;

  private constructor(private readonly folder: string) {
    this.dir = join(folder, 'disk');
    this.image = join(folder, 'image');
  }

  /** Why there can be none here; undefined where there can. It takes root and loop devices. */
  static readonly missing: string | undefined = whyNot();

  static async make(megabytes: number): Promise<LoopDisk> {
    const disk = new LoopDisk(fs.mkdtempSync(join(tmpdir(), 'meiduo-disk-')));
    try {
      fs.mkdirSync(disk.dir);
      fs.writeFileSync(disk.image, '');
      fs.truncateSync(disk.image, megabytes * 1024 * 1024);
      await run('mkfs.ext4', ['-q', '-F', '-m', '0', disk.image]);
      await disk.mount();
    } catch (error) {
      await disk.remove();
      throw error;
    }
    return disk;
  }

  /**
   * Copies what has really reached the disk at this moment, which a power cut would leave. The file
   * system writes on by itself, and a copy that mixes two moments is no moment: it is taken again.
   */
  async snapshot(): Promise<void> {
    const copy = `${this.image}.cut`;
    for (let attempt = 1; attempt <= SNAPSHOT_TRIES; attempt += 1) {
      await run('cp', ['--sparse=always', this.image, copy]);
      const same = await run('cmp', ['-s', this.image, copy]).then(Boolean, () => false);
      if (same) {
        return;
      }
      await delay(100);
    }
    throw new Error('the disk does not come to rest');
  }

  /** Puts the snapshot in the place of everything that was written since. Nobody may use the disk. */
  async revert(): Promise<void> {
    await this.unmount();
    fs.renameSync(`${this.image}.cut`, this.image);
    await this.mount();
  }

  /** Fills it to the last block. The function that is answered makes the room free again. */
  fill(): () => void {
    const ballast = join(this.dir, 'ballast');
    const file = fs.openSync(ballast, 'w');
    try {
      for (const bytes of [1024 * 1024, 4096]) {
        writeUntilFull(file, Buffer.alloc(bytes, 1));
      }
    } finally {
      fs.closeSync(file);
    }
    return () => fs.rmSync(ballast);
  }

  async remove(): Promise<void> {
    await this.unmount();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  private async mount(): Promise<void> {
    await run('mount', ['-o', 'loop,noatime', this.image, this.dir]);
    this.mounted = true;
  }

  private async unmount(): Promise<void> {
    if (this.mounted) {
      await run('umount', [this.dir]);
      this.mounted = false;
    }
  }
}

function writeUntilFull(file: number, block: Buffer): void {
  try {
    for (;;) {
      fs.writeSync(file, block);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') {
      throw error;
    }
  }
}

function whyNot(): string | undefined {
  if (process.getuid?.() !== 0) {
    return 'needs root';
  }
  try {
    execFileSync('losetup', ['-f'], { stdio: 'pipe' });
    execFileSync('mkfs.ext4', ['-V'], { stdio: 'pipe' });
    return undefined;
  } catch {
    return 'needs loop devices and mkfs.ext4';
  }
}
