import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { root } from '../process/root.ts';
import { runCaptured } from '../process/run-captured.ts';
import { installDebian } from './debian.ts';
import type { Provided, Provision } from './provision.ts';

const PROGRAM = 'strace';
const DEBIAN_PACKAGES = ['strace'];
/** Of a process that only waits to be looked at. */
const NAP_S = '60';

/** strace, by which tests see what a server writes, flushes and answers, and in which order; and by which flushes fail. */
export const strace: Provision = {
  name: 'strace',
  variable: 'HANSA_STRACE',
  async provide(say): Promise<Provided> {
    if (!(await isThere()) && !((await installDebian(DEBIAN_PACKAGES, say)) && (await isThere()))) {
      const lacks = `the Debian package ${DEBIAN_PACKAGES.join(' ')}`;
      return { ok: false, lacks, reason: 'No strace, neither by PATH nor by Debian.' };
    }
    const refusal = await findRefusal();
    if (refusal === undefined) return { ok: true, value: PROGRAM };
    const lacks = 'nothing, but let strace look at processes of yours (kernel.yama.ptrace_scope=0)';
    return { ok: false, lacks, reason: refusal };
  },
};

async function isThere(): Promise<boolean> {
  return (await runCaptured(PROGRAM, ['--version'], { cwd: root })).code === 0;
}

/** Why a process that somebody else started may not be looked at; undefined where it may. */
async function findRefusal(): Promise<string | undefined> {
  const sleeper = spawn('sleep', [NAP_S], { stdio: 'ignore' });
  await once(sleeper, 'spawn');
  const looker = spawn(PROGRAM, ['-p', String(sleeper.pid)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  try {
    let said = '';
    for await (const chunk of looker.stderr.setEncoding('utf8')) {
      said += String(chunk);
      if (said.includes(' attached')) return undefined;
    }
    return said;
  } finally {
    looker.kill('SIGKILL');
    sleeper.kill('SIGKILL');
  }
}
