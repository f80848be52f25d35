/** What one `fc.assert` did. */
export interface PropertyReport {
  /** Of the test it stands in. */
  readonly name: string;
  readonly cases: number;
  /** How many it was to try. */
  readonly goal: number;
  readonly failed: boolean;
}

/** How far a property came over all its rounds. */
export interface Progress {
  readonly name: string;
  readonly cases: number;
  readonly goal: number;
  readonly failed: boolean;
}

/** Adds the reports of a round, one line of JSON each, to what earlier rounds did. */
export function addRound(
  before: ReadonlyMap<string, Progress>,
  reports: string,
): ReadonlyMap<string, Progress> {
  const round = new Map<string, Progress>();
  for (const line of reports.split('\n')) {
    if (line === '') continue;
    const report = JSON.parse(line) as PropertyReport;
    const same = round.get(report.name);
    // A test may hold more than one property: it is as far as all of them.
    round.set(report.name, {
      name: report.name,
      cases: report.cases + (same?.cases ?? 0),
      goal: report.goal + (same?.goal ?? 0),
      failed: report.failed || (same?.failed ?? false),
    });
  }
  const after = new Map(before);
  for (const each of round.values()) {
    const earlier = before.get(each.name);
    const cases = each.cases + (earlier?.cases ?? 0);
    after.set(each.name, { ...each, cases, failed: each.failed || (earlier?.failed ?? false) });
  }
  return after;
}

/** `canonical JSON is a fixed point: 8,120 of 10,000`. */
export function formatProgress({ name, cases, goal, failed }: Progress): string {
  const number = (value: number): string => value.toLocaleString('en');
  return `${name}: ${number(cases)} of ${number(goal)}${failed ? ', FAILED' : ''}`;
}
