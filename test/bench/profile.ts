import { writeFileSync } from 'node:fs';
import { type Profiler, Session } from 'node:inspector/promises';

const SAMPLE_EVERY_US = 250;
/** Not work: waiting, and the profiler's own answer. */
const NOT_WORK = new Set(['(root)', '(idle)', 'dispatch']);
const session = new Session();

/** A function or a package and its share of the time the process was busy. */
export interface HotSpot {
  readonly name: string;
  readonly share: number;
}

export interface Hot {
  /** By their own time, without what they called. */
  readonly functions: readonly HotSpot[];
  /** The same, time in Node.js charged to the package that called it. */
  readonly packages: readonly HotSpot[];
}

/** Begins to profile this process. */
export async function startProfile(): Promise<void> {
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_EVERY_US });
  await session.post('Profiler.start');
}

/** Ends it, writes the profile to a file that browsers' tools open, and names what took longest. */
export async function stopProfile({ file }: { file: string }): Promise<Hot> {
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  writeFileSync(file, JSON.stringify(profile));
  return {
    functions: shares(profile, functionOf),
    packages: shares(profile, (node, parentOf) => {
      let at: Profiler.ProfileNode | undefined = node;
      while (at && packageOf(at) === undefined) {
        at = parentOf.get(at.id);
      }
      return (at && packageOf(at)) ?? 'Node.js';
    }),
  };
}

type Parents = ReadonlyMap<number, Profiler.ProfileNode>;

function shares(
  { nodes, samples = [], timeDeltas = [] }: Profiler.Profile,
  nameOf: (node: Profiler.ProfileNode, parentOf: Parents) => string,
): HotSpot[] {
  const parentOf = new Map(
    nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node] as const)),
  );
  const working = nodes.filter(({ callFrame }) => !NOT_WORK.has(callFrame.functionName));
  const names = new Map(working.map((node) => [node.id, nameOf(node, parentOf)]));
  const selfUs = new Map<string, number>();
  let busyUs = 0;
  samples.forEach((id, i) => {
    const name = names.get(id);
    const us = timeDeltas[i] ?? 0;
    if (name !== undefined) {
      selfUs.set(name, (selfUs.get(name) ?? 0) + us);
      busyUs += us;
    }
  });
  return [...selfUs]
    .map(([name, us]) => ({ name, share: us / busyUs }))
    .sort((a, b) => b.share - a.share);
}

function functionOf({ callFrame: { functionName, url, lineNumber } }: Profiler.ProfileNode) {
  const place = url.replace(/^.*\/(node_modules|dist)\//, '').replace(/^file:\/\//, '');
  const name = functionName || '(anonymous)';
  return place === '' ? name : `${name} ${place}:${lineNumber + 1}`;
}

/** Our own folder below src, or the package; undefined for Node.js itself. */
function packageOf({ callFrame: { functionName, url } }: Profiler.ProfileNode) {
  const own = /\/dist\/(src\/[^/]+)/.exec(url)?.[1];
  const installed = /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  return own ?? installed ?? (functionName === '(garbage collector)' ? functionName : undefined);
}
