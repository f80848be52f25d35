import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { EventId, JsonObject } from '@hansa/protocol';

/** The version that answers are compared with. */
const SYNAPSE_VERSION = '1.163.2';

const DRIVER = fileURLToPath(new URL('synapse_driver.py', import.meta.url));
const CACHE = fileURLToPath(new URL('../../.cache/', import.meta.url));

export interface RoomQuestion {
  readonly version: string;
  /** Each after those that it names. */
  readonly events: readonly {
    readonly json: JsonObject;
    readonly rejected: boolean;
    /** State before the event. */
    readonly state: readonly EventId[];
  }[];
  readonly resolutions: readonly (readonly (readonly EventId[])[])[];
}

/** `allowed`, `refused: …`, or `crashed: …` where Synapse throws what is no refusal. */
export type Verdict = string;

export interface EventAnswer {
  readonly id: string;
  /** Canonical JSON. */
  readonly redacted: string;
  readonly hashIsRight: boolean;
  /** Rules that no state is needed for. */
  readonly events: Verdict;
  /** Rules that depend on state, by the event's auth events. */
  readonly auth: Verdict;
  /** The same by the state before the event. */
  readonly state: Verdict;
}

export interface RoomAnswer {
  readonly events: readonly (EventAnswer | { readonly unreadable: string })[];
  /** Ids of the resolved state, sorted; a string where Synapse threw. */
  readonly resolutions: readonly (readonly string[] | string)[];
}

/** Python with Synapse: `HANSA_SYNAPSE_PYTHON`, else the cached environment; `undefined`, and said so, without either. */
export function findSynapsePython(): string | undefined {
  const named = process.env['HANSA_SYNAPSE_PYTHON'];
  const python = named === undefined || named === '' ? findCachedPython() : named;
  if (python !== undefined && existsSync(python)) return python;
  const where = python ?? `.cache/synapse-${SYNAPSE_VERSION}*/bin/python`;
  process.stderr.write(`SKIPPED: nothing is compared with Synapse, it is not at ${where}\n`);
  return undefined;
}

function findCachedPython(): string | undefined {
  if (!existsSync(CACHE)) return undefined;
  const folders = readdirSync(CACHE).filter((name) =>
    name.startsWith(`synapse-${SYNAPSE_VERSION}`),
  );
  return folders
    .map((name) => join(CACHE, name, 'bin/python'))
    .find((python) => existsSync(python));
}

/** Synapse's own code in a process of its own, asked one room after the other. */
export class SynapseLibrary implements AsyncDisposable {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #answers: AsyncIterator<string>;
  readonly #ended: Promise<void>;

  constructor(python: string) {
    this.#process = spawn(python, [DRIVER], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#answers = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
    this.#ended = new Promise((resolve) => this.#process.once('close', () => resolve()));
  }

  /** One question at a time. */
  async ask(question: RoomQuestion): Promise<RoomAnswer> {
    this.#process.stdin.write(`${JSON.stringify(question)}\n`);
    const line = await this.#answers.next();
    if (line.done === true) throw new Error('Synapse went without an answer; see above');
    return JSON.parse(line.value) as RoomAnswer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.stdin.end();
    await this.#ended;
  }
}
