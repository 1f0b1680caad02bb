import { startChild } from './child.mjs';
import { NEST_BUILD, ROOT, prepareDist } from './project.mjs';

/**
 * Compiles at every change of the sources, for as long as this process lives.
 * @param {() => void} onBuilt called after every build without errors
 * @returns {import('./child.d.mts').Child}
 */
export function watchBuild(onBuilt) {
  prepareDist();
  const args = [...NEST_BUILD, '--watch', '--preserveWatchOutput'];
  const compiler = startChild(process.execPath, args, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let line = '';
  compiler.process.stdout?.on('data', (chunk) => {
    process.stdout.write(chunk);
    line += chunk;
    if (/Found 0 errors\. Watching/.test(line)) {
      onBuilt();
    }
    line = line.slice(line.lastIndexOf('\n') + 1);
  });
  return compiler;
}
