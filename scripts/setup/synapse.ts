import { join, relative } from 'node:path';
import { root } from '../process/root.ts';
import { runCaptured } from '../process/run-captured.ts';
import { cached } from './cache.ts';
import { installDebian } from './debian.ts';
import type { Provided, Provision, Say } from './provision.ts';

const VERSION = '1.163.2';
const PYTHONS = ['python3', '/usr/bin/python3', 'python3.14', 'python3.13', 'python3.12'];
const DEBIAN_PACKAGES = ['python3', 'python3-venv'];

/** Synapse, of which the Python in its virtual environment is the way in: `$HANSA_SYNAPSE_PYTHON -m synapse.app.homeserver`. */
export const synapse: Provision = {
  name: 'synapse',
  variable: 'HANSA_SYNAPSE_PYTHON',
  async provide(say): Promise<Provided> {
    const python = await findPython(say);
    if (python === undefined) {
      const lacks = `the Debian packages ${DEBIAN_PACKAGES.join(' and ')} (Python 3.10 or later)`;
      return { ok: false, lacks, reason: 'No Python that can make a virtual environment.' };
    }
    try {
      const key = `synapse-${VERSION}-python-${python.version}`;
      const folder = await cached(key, (into) => install(python.command, into, say));
      return { ok: true, value: join(folder, 'bin/python') };
    } catch (error) {
      const lacks = `matrix-synapse ${VERSION} from PyPI (pip must reach it)`;
      return { ok: false, lacks, reason: error instanceof Error ? error.message : String(error) };
    }
  },
};

interface Python {
  readonly command: string;
  readonly version: string;
}

async function findPython(say: Say): Promise<Python | undefined> {
  const found = await firstUsablePython();
  if (found !== undefined) return found;
  return (await installDebian(DEBIAN_PACKAGES, say)) ? firstUsablePython() : undefined;
}

/** Debian ships `venv` without `ensurepip`, so both are asked for. */
async function firstUsablePython(): Promise<Python | undefined> {
  const ask =
    'import sys, venv, ensurepip; assert sys.version_info >= (3, 10); print("%d.%d" % sys.version_info[:2])';
  for (const command of PYTHONS) {
    const { code, stdout } = await runCaptured(command, ['-c', ask], { cwd: root });
    if (code === 0) return { command, version: stdout.trim() };
  }
  return undefined;
}

async function install(python: string, folder: string, say: Say): Promise<void> {
  say(`pip install matrix-synapse==${VERSION}, into ${relative(root, folder)} …`);
  await run(python, ['-m', 'venv', folder]);
  const pip = ['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check'];
  await run(join(folder, 'bin/python'), [...pip, `matrix-synapse==${VERSION}`]);
  await run(join(folder, 'bin/python'), ['-c', 'import synapse.app.homeserver']);
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await runCaptured(command, args, { cwd: root });
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`);
}
