/** CPU time, wall time, memory, disk. Of each less is better. */
export type Unit = 'µs' | 'ms' | 'MiB' | 'B';

/** One cost that is measured, a line of the report. */
export interface Figure {
  /** `suite/name`, as it is asked for on the command line. */
  readonly id: string;
  readonly title: string;
  /** What one operation is, in the singular: `PDU`. */
  readonly operation: string;
  /** Microseconds of CPU time unless told. */
  readonly unit?: Unit;
  /** Left out where the figure is for information. */
  readonly goal?: Goal;
}

/** A row of the bench: one thing that is measured, and what it is compared with. */
export interface Row extends Figure {
  /** More that the same blocks tell, in the order of `Block.further`. */
  readonly further?: readonly Figure[];
  /** What both sides survive before they answer; left out where nothing is stored. */
  readonly durability?: Durability;
  /** How often ours and the reference are measured beside each other; 15 unless told. */
  readonly pairs?: number;
  /**
   * Blocks of each side that are not counted, 1 unless told: as many as V8 takes to compile what runs. A server's program is
   * larger than its floor, and would be measured for being new.
   */
  readonly warmUps?: number;
  /** Does what comes before the first measurement. `against` has the peers that this run is to be compared with. */
  prepare(against: ReadonlySet<Peer>): Promise<Contest | NotMeasured> | Contest | NotMeasured;
}

/** Servers of others that take long to measure, and so are asked for. */
export type Peer = 'synapse';

/** Met when `factor` × reference ÷ ours, so turned that more is better, is at least 1 at the lower end of its interval. */
export interface Goal {
  /** For readers: `at most 4× JSON.parse`. */
  readonly says: string;
  readonly factor: number;
}

export interface Contest {
  readonly ours: Candidate;
  /** Measured in the same run, in blocks between ours. */
  readonly reference?: Candidate;
  /** Ends what `prepare` started. */
  close?(): Promise<void> | void;
}

/** Something that can be measured for a while, again and again. */
export interface Candidate {
  readonly name: string;
  block(): Promise<Block> | Block;
}

/** What one block of work cost. */
export interface Block {
  /** In all, in the row's unit; of CPU time that of all processes that did the work. */
  readonly cost: number;
  readonly operations: number;
  /** What one operation cost in the row's further figures, in their order. */
  readonly further?: readonly number[];
}

/** Why a row cannot be measured here, such as a missing program. */
export interface NotMeasured {
  readonly notMeasured: string;
  /** Nobody asked for it in this run: no gate is closed by it. */
  readonly notAsked?: true;
}

/** A block in which work was lost or done wrong: the row tells it in place of figures. */
export class VoidBlockError extends Error {}

export type Durability = 'power loss' | 'process kill';

/** A bound that stands fixed in a goal, to be compared with like a measurement. */
export function constant(name: string, microsPerOperation: number): Candidate {
  return { name, block: () => ({ cost: microsPerOperation, operations: 1 }) };
}
