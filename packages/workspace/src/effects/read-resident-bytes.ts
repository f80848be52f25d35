import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const KIBIBYTE = 1024;

/** What a process has in memory; `undefined` where there is none, or this machine does not tell. */
export async function readResidentBytes(pid: number): Promise<number | undefined> {
  return process.platform === 'linux' ? await readStatus(pid) : await askPs(pid);
}

async function readStatus(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return inBytes(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1]);
}

async function askPs(pid: number): Promise<number | undefined> {
  const asked = promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
  const { stdout } = await asked.catch(() => ({ stdout: '' }));
  return inBytes(/^\s*(\d+)\s*$/.exec(stdout)?.[1]);
}

function inBytes(kibibytes: string | undefined): number | undefined {
  return kibibytes === undefined ? undefined : Number(kibibytes) * KIBIBYTE;
}
