import type { Environment } from './environment.ts';
import type { CandidateResult, RowResult } from './measure-row.ts';
import type { Unit } from './row.ts';
import type { Estimate } from './statistics.ts';

/** The whole run, as `--json` prints it. */
export interface Report {
  /** Of this document's form. */
  readonly version: 2;
  readonly environment: Environment;
  /** As `environment.load`, at the end. */
  readonly loadAfter: number;
  /** Share of the machine's CPU time that others took during the run; `null` where the system does not tell. */
  readonly steal: number | null;
  /** Of the bootstrap intervals. */
  readonly seed: number;
  readonly rows: readonly RowResult[];
}

/**
 * What a gate is not passed for: rows that miss their goal, and those of which nobody knows, for they were not measured
 * though they were asked for.
 */
export function missedGoals(rows: readonly RowResult[]): readonly RowResult[] {
  return rows.filter(({ goal, met, asked }) => asked && goal !== null && met !== true);
}

/** Which goals closed the gate, a line each. */
export function formatMissed(missed: readonly RowResult[]): string {
  return missed.map((row) => `gate: ${row.id}, ${goalOf(row)}${reasonOf(row)}\n`).join('');
}

function reasonOf({ notMeasured }: RowResult): string {
  return notMeasured === null ? '' : ` (${notMeasured})`;
}

const COLUMNS = ['row', 'ours', 'per second', 'reference', 'ratio [95 %]', 'goal'] as const;

/** A table for people, and what the machine was like. */
export function formatReport(report: Report): string {
  const lines = [COLUMNS, ...report.rows.map(cellsOf)];
  const widths = COLUMNS.map((_, column) =>
    Math.max(...lines.map((cells) => cells[column]?.length ?? 0)),
  );
  const table = lines.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return `${table.join('\n')}\n\n${formatMachine(report)}\n`;
}

function cellsOf(row: RowResult): readonly string[] {
  if (row.ours === null)
    return [row.id, `not measured: ${row.notMeasured ?? ''}`, '', '', '', goalOf(row)];
  return [
    row.id,
    `${formatCost(row.ours, row.unit)} / ${row.operation}`,
    row.ours.operationsPerSecond === null ? '' : formatFigure(row.ours.operationsPerSecond),
    row.reference === null ? '' : `${formatCost(row.reference, row.unit)} ${row.reference.name}`,
    row.ratio === null ? '' : formatEstimate(row.ratio),
    goalOf(row),
  ];
}

function goalOf({ goal, met }: RowResult): string {
  if (goal === null) return '';
  if (met === null) return `${goal}: not measured`;
  return `${goal}: ${met ? 'met' : 'MISSED'}`;
}

function formatMachine({ environment, loadAfter, steal }: Report): string {
  const { node, platform, cpu, cpus, load } = environment;
  const stolen = steal === null ? 'unknown' : `${(steal * 100).toFixed(1)} %`;
  return `µs are CPU time; ratios are turned so that more is better. Node ${node}, ${platform}, ${cpus} × ${cpu}, load ${load.toFixed(1)} to ${loadAfter.toFixed(1)}, steal ${stolen}`;
}

function formatEstimate({ median, low, high }: Estimate): string {
  return `${formatFigure(median)} [${formatFigure(low)}, ${formatFigure(high)}]`;
}

function formatCost({ costPerOperation: { median } }: CandidateResult, unit: Unit): string {
  const inMillis = unit === 'µs' && median >= 10_000;
  return inMillis ? `${formatFigure(median / 1_000)} ms` : `${formatFigure(median)} ${unit}`;
}

function formatFigure(figure: number): string {
  return figure >= 1_000
    ? Math.round(figure).toLocaleString('en')
    : String(Number(figure.toPrecision(3)));
}
