import type { PropertyReport } from './property-report.ts';

/** How far a property has come over all its turns. */
export interface Progress {
  readonly file: string;
  readonly name: string;
  readonly cases: number;
  readonly goal: number;
  readonly failed: boolean;
  readonly turns: number;
  /** Of its last turn, in cases per second. */
  readonly rate: number;
}

/** A property after its first turn, whose goal is all that it is to try. */
export function begin(file: string, report: PropertyReport, seconds: number): Progress {
  return { ...report, file, turns: 1, rate: report.cases / seconds };
}

/** After one turn more. */
export function advance(before: Progress, report: PropertyReport, seconds: number): Progress {
  return {
    ...before,
    cases: before.cases + report.cases,
    failed: before.failed || report.failed,
    turns: before.turns + 1,
    rate: report.cases / seconds,
  };
}

/** One that failed has nothing more to show before it is mended. */
export function isDone({ cases, goal, failed }: Progress): boolean {
  return failed || cases >= goal;
}

/** `canonical JSON is a fixed point: 8,120 of 10,000`. */
export function formatProgress({ name, cases, goal, failed }: Progress): string {
  const number = (value: number): string => value.toLocaleString('en');
  return `${name}: ${number(cases)} of ${number(goal)}${failed ? ', FAILED' : ''}`;
}
