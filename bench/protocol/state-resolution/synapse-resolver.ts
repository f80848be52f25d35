import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Pdu } from '@hansa/protocol';
import type { Block } from '../../row.ts';
import type { ForkedRoom } from './forked-room.ts';

/** By this variable `npm run bench` says where the Python is that has Synapse. */
const PYTHON = process.env['HANSA_SYNAPSE_PYTHON'];

interface Answer {
  readonly cpu_us: number;
  readonly event_ids: readonly string[] | null;
}

/** Synapse's own resolver, in a process of its own, with one room in memory. */
export class SynapseResolver {
  readonly #process: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  private constructor(process: ChildProcess, answers: AsyncIterator<string>) {
    this.#process = process;
    this.#answers = answers;
  }

  /** `undefined` where there is no Synapse. */
  static start(room: ForkedRoom<Pdu>): SynapseResolver | undefined {
    if (PYTHON === undefined || !existsSync(PYTHON)) return undefined;
    const script = fileURLToPath(new URL('synapse_resolver.py', import.meta.url));
    const child = spawn(PYTHON, ['-B', script], { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    child.stdin.write(`${JSON.stringify(toJson(room))}\n`);
    return new SynapseResolver(child, lines);
  }

  /** Ids of the events of the resolved state, in order; `null` except for the first time. */
  async resolve(): Promise<{ readonly block: Block; readonly eventIds: readonly string[] | null }> {
    this.#process.stdin?.write('again\n');
    const line = await this.#answers.next();
    if (line.done === true) throw new Error('Synapse’s resolver ended: see its message above');
    const answer = JSON.parse(line.value) as Answer;
    return { block: { cost: answer.cpu_us, operations: 1 }, eventIds: answer.event_ids };
  }

  async close(): Promise<void> {
    const closed = once(this.#process, 'close');
    this.#process.stdin?.end();
    await closed;
  }
}

function toJson({ rules, events, states }: ForkedRoom<Pdu>) {
  return {
    room_version: rules.id,
    room_id: events[0]?.roomId,
    events: events.map(({ eventId, json }) => ({ event_id: eventId, pdu: json })),
    states: states.map((state) => [...state].map(([, , eventId]) => eventId)),
  };
}
