import { runCaptured } from '../../process/run-captured.ts';
import { tools } from '../tools.ts';

interface LintReport {
  readonly diagnostics: readonly { readonly filename: string; readonly code: string }[];
}

/** The rules that oxlint finds broken in a checkout, by file. */
export async function lintRules(root: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const args = [tools.lint, '--format=json'];
  const { stdout, stderr } = await runCaptured(process.execPath, args, { cwd: root });
  if (!stdout.startsWith('{')) throw new Error(`oxlint did not report:\n${stdout}${stderr}`);
  const { diagnostics } = JSON.parse(stdout) as LintReport;
  const byFile = Map.groupBy(diagnostics, (each) => each.filename);
  return new Map([...byFile].map(([file, found]) => [file, found.map((each) => each.code)]));
}
