import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Of the times in `/proc/…/stat`. */
const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
const MICROS_PER_TICK = 1e6 / ticksPerSecond;
const BYTES_PER_KIB = 1024;

/**
 * CPU time in microseconds that the process and what it started have taken so far, in all threads, by user and system.
 * Linux only; what ended is counted where its parent waited for it.
 */
export function cpuMicrosOf(pid: number): number {
  let ticks = 0;
  for (const each of treeOf(pid)) {
    const [user = 0, system = 0, childUser = 0, childSystem = 0] = statOf(each).slice(11, 15);
    ticks += user + system + childUser + childSystem;
  }
  return ticks * MICROS_PER_TICK;
}

/** The same of several. */
export function cpuMicrosOfAll(roots: readonly { readonly pid: number }[]): number {
  return roots.reduce((sum, { pid }) => sum + cpuMicrosOf(pid), 0);
}

/** Memory of the process and what it started, pages that several share counted by their share (PSS). */
export function memoryBytesOf(pid: number): number {
  return treeOf(pid).reduce((sum, each) => {
    const rollup = readFileSync(`/proc/${each}/smaps_rollup`, 'utf8');
    return sum + Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) * BYTES_PER_KIB;
  }, 0);
}

function treeOf(root: number): readonly number[] {
  const children = Map.groupBy(listProcesses(), ({ parent }) => parent);
  const tree = [root];
  for (const pid of tree) {
    for (const child of children.get(pid) ?? []) tree.push(child.pid);
  }
  return tree;
}

function listProcesses(): readonly { readonly pid: number; readonly parent: number }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [{ pid: Number(name), parent: statOf(Number(name))[1] ?? 0 }];
      } catch {
        // It ended while we looked.
        return [];
      }
    });
}

/** What stands behind the name, which may have spaces and brackets: from the state on. */
function statOf(pid: number): readonly number[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
}
