/** What one `fc.assert` did. */
export interface PropertyReport {
  /** Of the test it stands in, with those around it: `identifier parsers > [ID-9.2] take what they have made`. */
  readonly name: string;
  readonly cases: number;
  /** How many it was to try. */
  readonly goal: number;
  readonly failed: boolean;
}

/** What the properties of a run wrote down, one line of JSON each. */
export function readReports(text: string): readonly PropertyReport[] {
  const lines = text.split('\n').filter((line) => line !== '');
  const reports = lines.map((line) => JSON.parse(line) as PropertyReport);
  const names = reports.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  // The long run counts and calls them by the names of their tests.
  if (twice !== undefined) throw new Error(`a test holds more than one property: ${twice}`);
  return reports;
}
