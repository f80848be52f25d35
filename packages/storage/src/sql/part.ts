import type { CompiledQuery } from 'kysely';
import type { PositionSlot } from '../ports/position.ts';

/** What a statement is given. A slot becomes a number when the part commits. */
export type Parameter = SqlValue | PositionSlot;

export type SqlValue = null | number | string | Uint8Array;

export interface Statement {
  readonly sql: string;
  readonly parameters: readonly Parameter[];
}

/** What writers record into. */
export interface Recorder {
  record(sql: string, parameters: readonly (Parameter | undefined | boolean)[]): void;
  /** A statement that kysely built. */
  recordQuery(query: CompiledQuery): void;
}

/** Parts of one transaction; what is ready beyond goes into the next. */
export const MAX_PARTS = 100;

/** What one `transact` asked for: data that the committer executes. */
export class Part implements Recorder {
  readonly #statements: Statement[] = [];
  #positions = 0;

  get statements(): readonly Statement[] {
    return this.#statements;
  }

  /** How many positions it needs. */
  get positions(): number {
    return this.#positions;
  }

  takePosition(leftFree = 0): PositionSlot {
    this.#positions += leftFree;
    const slot = { index: this.#positions };
    this.#positions += 1;
    return slot;
  }

  record(sql: string, parameters: readonly (Parameter | undefined | boolean)[]): void {
    this.#statements.push({ sql, parameters: parameters.map(toParameter) });
  }

  recordQuery({ sql, parameters }: CompiledQuery): void {
    this.record(sql, parameters as readonly Parameter[]);
  }
}

/** What the database is given: each slot is `firstPosition` and its index. */
export function bindSlots(
  { parameters }: Statement,
  firstPosition: number | undefined,
): readonly SqlValue[] {
  return parameters.map((parameter) => {
    if (parameter === null || typeof parameter !== 'object') return parameter;
    if (parameter instanceof Uint8Array) return parameter;
    if (firstPosition === undefined) throw new Error('a slot of another part');
    return firstPosition + parameter.index;
  });
}

function toParameter(value: Parameter | undefined | boolean): Parameter {
  if (value === undefined) return null;
  return typeof value === 'boolean' ? Number(value) : value;
}
