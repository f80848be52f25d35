import { parseArgs } from 'node:util';
import { listSourceFiles } from '../process/list-files.ts';
import { root as checkout } from '../process/root.ts';
import { runCaptured } from '../process/run-captured.ts';
import { tools } from './tools.ts';
import { findUncruised } from './uncruised.ts';

/** What of dependency-cruiser's JSON is read here. */
interface CruiseResult {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: {
    readonly ruleSetUsed: {
      readonly forbidden: readonly { readonly name: string; readonly comment: string }[];
    };
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
      readonly cycle?: readonly { readonly name: string }[];
    }[];
  };
}

// Holds the imports of a checkout against .dependency-cruiser.js, and the cruise itself against git:
// a cruiser that reads no TypeScript finds no violations either.
const { values } = parseArgs({ options: { root: { type: 'string', default: checkout } } });
const { root } = values;
const files = await listSourceFiles(root);
const starts = [...new Set(files.map((path) => path.split('/')[0] ?? path))];
const config = ['--config', '.dependency-cruiser.js', '--output-type', 'json'];
const run = await runCaptured(process.execPath, [tools.boundaries, ...config, ...starts], {
  cwd: root,
});
if (run.code !== 0) {
  console.error(run.stdout + run.stderr);
  process.exit(1);
}
const { modules, summary } = JSON.parse(run.stdout) as CruiseResult;

const { forbidden } = summary.ruleSetUsed;
for (const { rule, from, to, cycle } of summary.violations) {
  const path = cycle === undefined ? to : cycle.map((step) => step.name).join(' → ');
  const comment = forbidden.find(({ name }) => name === rule.name)?.comment ?? '';
  console.error(`${rule.name}: ${from} → ${path}\n    ${comment}`);
}
const uncruised = findUncruised(
  files,
  modules.map(({ source }) => source),
);
for (const path of uncruised)
  console.error(`not-cruised: ${path} is in git, and nobody looked at it`);

console.log(
  `${files.length} files, ${summary.violations.length} violations, ${uncruised.length} not looked at`,
);
process.exitCode = summary.violations.length + uncruised.length === 0 ? 0 : 1;
