import { backOffMs, RemoteServerError } from '@hansa/net';
import type { EventId, ServerName } from '@hansa/protocol';
import { newDestination } from '@hansa/storage';
import type { Destination, Refusal } from '@hansa/storage';
import type { OutgoingEdu } from '../../ephemeral/index.ts';
import type { OutgoingTransaction } from '../endpoints/send-transaction.ts';
import { deliver } from './deliver.ts';
import type { DestinationRows } from './destination-rows.ts';
import { findWork, loadWork } from './find-work.ts';
import type { Work } from './find-work.ts';
import { sendGreeting } from './greeting.ts';
import type { LanePorts } from './outbox-ports.ts';
import { refusalsOf } from './refusals.ts';
import { newTransactionId, renderTransaction } from './transaction.ts';
import { WaitingEdus } from './waiting-edus.ts';

export type LaneState = 'sending' | 'backing-off';

/**
 * All that goes to one server: one transaction at a time, oldest events first. The cursor moves when it was taken, so
 * whatever is killed when, its events are sent again; a transaction that failed is the same one when it is tried again, over
 * a restart, too. Nothing waits for the disk on its way out: servers know events by their ids. EDUs go behind the events,
 * in transactions of their own, which are new ones each time: to get one twice changes nothing.
 */
export class DestinationLane {
  readonly #server: ServerName;
  readonly #ports: LanePorts;
  readonly #rows: DestinationRows;
  readonly #onIdle: () => void;
  readonly #stopping = new AbortController();
  readonly #edus: WaitingEdus;
  #destination: Destination | undefined;
  #running: Promise<void> | undefined;
  #poked = false;
  #cancelRetry: (() => void) | undefined;
  /** Inbound traffic may bring a retry forward once; the next one waits its time. */
  #mayWake = true;

  /** `onIdle` is called when nothing is due and nothing is to be tried again: the lane can be forgotten. */
  constructor(server: ServerName, ports: LanePorts, rows: DestinationRows, onIdle: () => void) {
    this.#server = server;
    this.#ports = ports;
    this.#rows = rows;
    this.#onIdle = onIdle;
    this.#edus = new WaitingEdus(ports.effects.clock);
  }

  /** Sent when the server can be reached, if it is still worth that by then. */
  putEdu(edu: OutgoingEdu): void {
    this.#edus.put(edu);
    this.poke();
  }

  /** `backing-off`: the server failed, and is left alone until its time has come. */
  get state(): LaneState {
    return this.#cancelRetry === undefined ? 'sending' : 'backing-off';
  }

  /** Something may be due. While the server is left alone it changes nothing. */
  poke(): void {
    this.#poked = true;
    if (this.#cancelRetry === undefined) this.#start();
  }

  /** The server is alive, or somebody wants to know: tries now instead of later. */
  wake(): void {
    if (this.#cancelRetry === undefined || !this.#mayWake) return;
    this.#mayWake = false;
    this.#cancelRetry();
    this.#cancelRetry = undefined;
    this.#start();
  }

  /** Takes up where an earlier run of the server ended. */
  resume(destination: Destination, delayMs: number): void {
    this.#destination = destination;
    if (delayMs <= 0) this.#start();
    else this.#startAfter(delayMs);
  }

  /** For a lane that has nothing to do: the server hears of us. Resolves when it has, or could not. */
  async greet(): Promise<void> {
    this.#running = this.#run(() => {
      return sendGreeting(this.#server, this.#ports, this.#stopping.signal);
    });
    await this.#running;
  }

  /** Resolves when nothing of it runs any more. What was under way is sent again by the next run of the server, by its id. */
  async stop(): Promise<void> {
    this.#cancelRetry?.();
    this.#stopping.abort();
    await this.#running;
    if (this.#destination?.attempt !== undefined) this.#rows.later(this.#destination, []);
  }

  #start(): void {
    if (this.#stopping.signal.aborted) return;
    // A run that is ending does not look again of itself.
    if (this.#running !== undefined) this.#poked = true;
    else this.#running = this.#run(() => this.#deliverAll());
  }

  #startAfter(delayMs: number): void {
    this.#cancelRetry = this.#ports.effects.timers.after(delayMs, () => {
      this.#cancelRetry = undefined;
      this.#mayWake = true;
      this.#start();
    });
  }

  async #run(task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      if (!this.#stopping.signal.aborted) await this.#leaveAlone(error);
    }
    this.#running = undefined;
    if (this.#cancelRetry !== undefined || this.#stopping.signal.aborted) return;
    if (this.#poked) this.#start();
    else this.#onIdle();
  }

  async #deliverAll(): Promise<void> {
    this.#poked = false;
    this.#destination ??= await this.#rows.find(this.#server);
    let work = await this.#takeUp(this.#known());
    while (work !== undefined) {
      this.#stopping.signal.throwIfAborted();
      const refused = await this.#send(work);
      work = await this.#acknowledge(work, refused);
    }
    await this.#deliverEdus();
  }

  async #deliverEdus(): Promise<void> {
    const { serverName, effects } = this.#ports;
    for (let batch = this.#edus.next(); batch.edus.length > 0; batch = this.#edus.next()) {
      this.#stopping.signal.throwIfAborted();
      const id = newTransactionId(effects.clock, effects.random);
      await this.#deliver(renderTransaction(serverName, id, batch));
      batch.taken();
      this.#mayWake = true;
      const known = this.#known();
      if (known.failures > 0) this.#storeLater({ ...known, failures: 0, retryAt: undefined });
    }
  }

  /** The attempt that failed again, or a new one; `undefined` where nothing is due. */
  async #takeUp(destination: Destination): Promise<Work | undefined> {
    const { attempt, cursor } = destination;
    if (attempt !== undefined) return await loadWork(this.#ports, destination, attempt);
    const work = await findWork(this.#ports, this.#server, cursor);
    this.#attempt(work);
    return work;
  }

  /** Stored with the failure that it ends in, or when we stop. */
  #attempt(work: Work | undefined): void {
    if (work !== undefined) this.#destination = { ...this.#known(), attempt: work.attempt };
  }

  async #send({ attempt, events }: Work): Promise<ReadonlyMap<EventId, string>> {
    const pdus = events.map(({ pdu }) => pdu);
    const { serverName } = this.#ports;
    return this.#deliver(renderTransaction(serverName, attempt.transactionId, { pdus }));
  }

  #deliver(transaction: OutgoingTransaction): Promise<ReadonlyMap<EventId, string>> {
    return deliver(this.#ports, this.#known(), transaction, this.#stopping.signal);
  }

  #known(): Destination {
    return this.#destination ?? newDestination(this.#server);
  }

  /** Moves the cursor; what is due above it, if anything. */
  async #acknowledge(
    { attempt, events, isAll }: Work,
    refused: ReadonlyMap<EventId, string>,
  ): Promise<Work | undefined> {
    this.#mayWake = true;
    const next = isAll && !this.#poked ? undefined : await this.#findNext(attempt.upTo);
    const of = { server: this.#server, at: this.#ports.effects.clock.now() };
    const refusals = refusalsOf(of, events, refused);
    this.#storeLater({ ...newDestination(this.#server), cursor: attempt.upTo }, refusals);
    this.#attempt(next);
    return next;
  }

  /** Whoever pokes later than this has something that it may not see. */
  async #findNext(after: number): Promise<Work | undefined> {
    this.#poked = false;
    return await findWork(this.#ports, this.#server, after);
  }

  async #leaveAlone(error: unknown): Promise<void> {
    const { effects, log } = this.#ports;
    const destination = this.#known();
    const failures = destination.failures + 1;
    const delayMs = backOffMs(failures, effects.random.fraction());
    const fields = { err: error, server: this.#server, failures, delayMs };
    if (error instanceof RemoteServerError) log.info(fields, 'a transaction did not arrive');
    else log.error(fields, 'a transaction could not be sent');
    this.#destination = { ...destination, failures, retryAt: effects.clock.now() + delayMs };
    this.#startAfter(delayMs);
    try {
      await this.#rows.now(this.#destination);
    } catch (cause) {
      // The delay holds all the same; a restart only tries earlier.
      log.error({ err: cause, server: this.#server }, 'a back-off could not be stored');
    }
  }

  #storeLater(destination: Destination, refusals: readonly Refusal[] = []): void {
    this.#rows.later(destination, refusals);
    this.#destination = destination;
  }
}
