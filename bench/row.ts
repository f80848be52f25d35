/** A row of the bench: one thing that is measured, and what it is compared with. */
export interface Row {
  /** `suite/name`, as it is asked for on the command line. */
  readonly id: string;
  readonly title: string;
  /** What one operation is, in the singular: `PDU`. */
  readonly operation: string;
  /** Left out where the figure is for information. */
  readonly goal?: Goal;
  /** How often ours and the reference are measured beside each other; 15 unless told. */
  readonly pairs?: number;
  /** Does what comes before the first measurement. */
  prepare(): Promise<Contest | NotMeasured> | Contest | NotMeasured;
}

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
  /** CPU time in microseconds, of all processes that did the work. */
  readonly cpuMicros: number;
  readonly operations: number;
}

/** Why a row cannot be measured here, such as a missing program. */
export interface NotMeasured {
  readonly notMeasured: string;
}

/** A bound that stands fixed in a goal, to be compared with like a measurement. */
export function constant(name: string, microsPerOperation: number): Candidate {
  return { name, block: () => ({ cpuMicros: microsPerOperation, operations: 1 }) };
}
