import type { Committed } from '../ports/store.ts';
import { bindSlots, type Part } from '../sql/part.ts';
import { integer, type Row } from '../sql/rows.ts';
import type { Connection } from './connection.ts';
import { LeaseLostError } from './lease.ts';
import { nameFault } from './name-fault.ts';
import { isOutage, OutageError } from './outage.ts';
import { checkDurability, DURABILITY } from './require-durable.ts';

const BEGIN = 'BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE';

/**
 * The last statement that writes, so that its row lock is held for the COMMIT alone. It finds no row where the epoch has
 * moved on. It says whether the server still flushes, which may be changed at any time without a new connection. Parameters: mark, last timeline, epoch, positions.
 */
const FINISH = `WITH marked AS (
    UPDATE commit_marks SET mark = ?, last_timeline = greatest(last_timeline, ?) WHERE epoch = ? RETURNING id
  )
  UPDATE sequence SET n = n + ? FROM marked WHERE sequence.id = marked.id RETURNING n, ${DURABILITY}`;

/** What became of a part, if the transaction commits. */
export type Outcome = { readonly committed: Committed } | { readonly error: unknown };

/** What a batch writes besides its parts. */
export interface Ending {
  readonly mark: number;
  readonly lastTimeline: number;
  readonly epoch: number;
}

/**
 * Parts in one transaction, ready for its COMMIT. They are sent as one run of statements; where one of these fails, the
 * transaction is undone and the parts are run again one by one, so that those that fail do so alone.
 */
export class Batch {
  readonly #connection: Connection;
  readonly #parts: readonly Part[];
  readonly #ending: Ending;
  readonly #positionBefore: number;
  #position: number;

  /** `position` is the last that was given out: slots are filled by it, and the end of the transaction checks it. */
  constructor(
    connection: Connection,
    parts: readonly Part[],
    ending: Ending & { readonly position: number },
  ) {
    this.#connection = connection;
    this.#parts = parts;
    this.#ending = ending;
    this.#positionBefore = ending.position;
    this.#position = ending.position;
  }

  /** The last position that it gives out. */
  get position(): number {
    return this.#position;
  }

  /** @throws an outage, or a server that does not flush, and nothing was committed; LeaseLostError */
  async write(): Promise<readonly Outcome[]> {
    const together = await this.#writeTogether();
    if ('outcomes' in together) return together.outcomes;
    await this.#run(['ROLLBACK']);
    this.#position = this.#positionBefore;
    // There is nobody that it could have failed with.
    if (this.#parts.length === 1) return this.#writeNothing(together.error);
    return this.#writeOneByOne();
  }

  async #writeTogether(): Promise<
    { readonly outcomes: readonly Outcome[] } | { readonly error: unknown }
  > {
    const sent = [this.#connection.run(BEGIN)];
    const outcomes = this.#parts.map((part): Outcome => {
      const committed = this.#give(part);
      sent.push(...this.#send(part, committed));
      return { committed };
    });
    sent.push(this.#sendEnd());
    const answers = await this.#settle(sent);
    if ('error' in answers) return answers;
    await this.#checkEnd(answers.rows);
    return { outcomes };
  }

  async #writeNothing(error: unknown): Promise<readonly Outcome[]> {
    await this.#run([BEGIN]);
    await this.#end();
    return [{ error: nameFault(error) }];
  }

  async #writeOneByOne(): Promise<readonly Outcome[]> {
    await this.#run([BEGIN]);
    const outcomes: Outcome[] = [];
    for (const part of this.#parts) outcomes.push(await this.#writeAlone(part));
    await this.#end();
    return outcomes;
  }

  async #writeAlone(part: Part): Promise<Outcome> {
    const before = this.#position;
    const committed = this.#give(part);
    const begun = this.#connection.run('SAVEPOINT part');
    const statements = this.#send(part, committed);
    const sent = [begun, ...statements, this.#connection.run('RELEASE SAVEPOINT part')];
    const answers = await this.#settle(sent);
    if (!('error' in answers)) return { committed };
    this.#position = before;
    await this.#run(['ROLLBACK TO SAVEPOINT part', 'RELEASE SAVEPOINT part']);
    return { error: nameFault(answers.error) };
  }

  #give({ positions }: Part): Committed {
    if (positions === 0) return { position: undefined, firstPosition: undefined };
    const firstPosition = this.#position + 1;
    this.#position += positions;
    return { position: this.#position, firstPosition };
  }

  /** A part that cannot be written down fails as one that the database refuses. */
  #send(part: Part, { firstPosition }: Committed): ReturnType<Connection['run']>[] {
    try {
      const bound = part.statements.map((each) => bindSlots(each, firstPosition));
      return part.statements.map(({ sql }, n) => this.#connection.run(sql, bound[n]));
    } catch (error) {
      return [Promise.reject(error as Error)];
    }
  }

  #sendEnd(): ReturnType<Connection['run']> {
    const { mark, lastTimeline, epoch } = this.#ending;
    const positions = this.#position - this.#positionBefore;
    return this.#connection.run(FINISH, [mark, lastTimeline, epoch, positions]);
  }

  async #end(): Promise<void> {
    const answers = await this.#settle([this.#sendEnd()]);
    if ('error' in answers) throw answers.error;
    await this.#checkEnd(answers.rows);
  }

  async #checkEnd([row]: readonly Row[]): Promise<void> {
    if (row === undefined || integer(row, 'n') !== this.#position) {
      throw new LeaseLostError('another process has written to the database');
    }
    try {
      checkDurability(row);
    } catch (error) {
      await this.#run(['ROLLBACK']);
      throw error;
    }
  }

  async #run(statements: readonly string[]): Promise<void> {
    const answers = await this.#settle(statements.map((sql) => this.#connection.run(sql)));
    if ('error' in answers) throw answers.error;
  }

  /** The rows of the last, or the first error: those behind it fail because of it. An outage is thrown. */
  async #settle(
    sent: readonly ReturnType<Connection['run']>[],
  ): Promise<{ readonly rows: readonly Row[] } | { readonly error: unknown }> {
    const answers = await Promise.allSettled(sent);
    const failed = answers.find((answer) => answer.status === 'rejected');
    if (failed === undefined) {
      const last = answers.at(-1);
      return { rows: last?.status === 'fulfilled' ? last.value.rows : [] };
    }
    const error: unknown = failed.reason;
    if (this.#connection.isLost || isOutage(error)) {
      throw new OutageError('the connection was lost in a transaction', { cause: error });
    }
    return { error };
  }
}
