import { spawn } from 'node:child_process';
import { NEST_BUILD, ROOT, prepareDist } from './project.mjs';

/**
 * Compiles at every change of the sources.
 * @param {() => void} onBuilt called after every build without errors
 * @returns {{ stop(): void }}
 */
export function watchBuild(onBuilt) {
  prepareDist();
  const args = [...NEST_BUILD, '--watch', '--preserveWatchOutput'];
  const compiler = spawn(process.execPath, args, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let line = '';
  compiler.stdout.on('data', (chunk) => {
    process.stdout.write(chunk);
    line += chunk;
    if (/Found 0 errors\. Watching/.test(line)) {
      onBuilt();
    }
    line = line.slice(line.lastIndexOf('\n') + 1);
  });
  return { stop: () => void compiler.kill('SIGTERM') };
}
