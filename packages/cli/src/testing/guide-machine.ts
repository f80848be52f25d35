import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

/** Where a machine has what the guide speaks of: below the folder of this one. */
const PLACES = /(?<![\w.])\/(?=(?:opt|etc|var|usr\/local)\/)/g;

const UNPLACED = /\/(?:opt|etc|var|usr\/local)\//;

/** What needs a machine of one's own, and what tests cannot be: other users. */
const SHIMS = {
  sudo: '[ "$1" = -u ] && shift 2\nexec "$@"',
  useradd: 'exit 0',
  chown: 'exit 0',
  install: `set -- "$@" --end
while [ "$1" != --end ]; do
  case "$1" in -o | -g) shift 2 ;; *) set -- "$@" "$1"; shift ;; esac
done
shift
PATH="$REAL_PATH" exec install "$@"`,
  // A copy of the working tree, with what is not committed yet: as clean as a clone.
  git: `[ "$1" = clone ] || exit 0
mkdir -p "$3"
PATH="$REAL_PATH"
git -C "$2" ls-files -co --exclude-standard -z | tar -C "$2" --null -T - --ignore-failed-read -cf - | tar -C "$3" -xf -`,
};

/** A folder that stands for a machine on which somebody follows the guide, and for its systemd. */
export class GuideMachine implements AsyncDisposable {
  readonly root: string;
  /** What stands for words of the guide, such as a port that is free here. */
  readonly words = new Map<string, string>();
  #service: ChildProcess | undefined;
  /** Of the service, since it was last started. */
  journal = '';

  private constructor(root: string) {
    this.root = root;
  }

  static async create(): Promise<GuideMachine> {
    const machine = new GuideMachine(await mkdtemp(join(tmpdir(), 'hansa-guide-')));
    for (const folder of ['etc/systemd/system', 'usr/local/bin', 'opt', 'var/lib', 'shims']) {
      await mkdir(machine.at(folder), { recursive: true });
    }
    for (const [name, script] of Object.entries(SHIMS)) {
      await writeFile(machine.at(`shims/${name}`), `#!/bin/sh\n${script}\n`);
      await chmod(machine.at(`shims/${name}`), 0o755);
    }
    return machine;
  }

  at(path: string): string {
    return join(this.root, path);
  }

  /** Does what a block says, line by line. Answers what it printed. @throws Error at the first line that fails */
  async follow(block: string, input = ''): Promise<string> {
    let out = '';
    for (const line of block.trim().split('\n')) {
      const verb = /^sudo systemctl ([\w-]+)/.exec(line)?.[1];
      if (verb === undefined) out += await this.#run(this.#here(line), input);
      else if (verb === 'start') await this.#start();
      else if (verb === 'stop') await this.#stop();
    }
    return out;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop();
    await rm(this.root, { recursive: true, force: true });
  }

  #here(line: string): string {
    const placed = line.replaceAll(PLACES, `${this.root}/`);
    // A guide that is written otherwise than we read it must not touch this machine.
    if (UNPLACED.test(placed.replaceAll(`${this.root}/`, ''))) {
      throw new Error(`this would touch the machine itself: ${placed}`);
    }
    return [...this.words].reduce((so, [word, here]) => so.replaceAll(word, here), placed);
  }

  #environment(): NodeJS.ProcessEnv {
    const path = process.env['PATH'] ?? '';
    const others = Object.entries(process.env).filter(([name]) => !name.startsWith('HANSA_'));
    return {
      ...Object.fromEntries(others),
      REAL_PATH: path,
      PATH: [this.at('shims'), this.at('usr/local/bin'), path].join(delimiter),
      npm_config_prefer_offline: 'true',
    };
  }

  async #run(line: string, input: string): Promise<string> {
    const child = spawn('sh', ['-ec', line], { env: this.#environment(), cwd: this.root });
    child.stdin.on('error', () => {}).end(input);
    const exited = once(child, 'close');
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    const [code] = (await exited) as [number | null];
    if (code !== 0) throw new Error(`${line}\nended with ${String(code)}: ${out}${err}`);
    return out;
  }

  /** As the unit says: its command, its umask. */
  async #start(): Promise<void> {
    const unit = await readFile(this.at('etc/systemd/system/hansa.service'), 'utf8');
    const setting = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(unit)?.[1] ?? '';
    const command = this.#here(`umask ${setting('UMask')}; exec ${setting('ExecStart')}`);
    const child = spawn('sh', ['-c', command], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: this.#environment(),
    });
    this.#service = child;
    this.journal = '';
    const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        this.journal += `${line}\n`;
        if (line.includes('"msg":"ready"')) resolve();
      });
    }
    child.once('close', () => reject(new Error(this.journal)));
    await ready;
  }

  async #stop(): Promise<void> {
    const child = this.#service;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, 'close');
    child.kill('SIGTERM');
    const [code] = (await closed) as [number | null];
    if (code !== 0) throw new Error(`the service ended with ${String(code)}: ${this.journal}`);
  }
}
