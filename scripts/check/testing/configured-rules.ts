import { join } from 'node:path';
import ts from 'typescript';
import boundaries from '../../../.dependency-cruiser.js';
import { root } from '../../process/root.ts';

type Rules = Readonly<Record<string, unknown>>;

/** What TypeScript gives, and what of .oxlintrc.jsonc is read here. */
interface ReadConfig {
  readonly config: {
    readonly rules: Rules;
    readonly overrides: readonly { readonly rules: Rules }[];
  };
  readonly error?: unknown;
}

/** Names of the boundaries that .dependency-cruiser.js draws. */
export function listBoundaries(): readonly string[] {
  return boundaries.forbidden.map(({ name }) => name);
}

/** The rules that .oxlintrc.jsonc turns on by name, anywhere, as the linter's report calls them: `eslint(max-lines)`. */
export function listLintRules(): readonly string[] {
  const file = join(root, '.oxlintrc.jsonc');
  const { config, error } = ts.readConfigFile(file, (path) => ts.sys.readFile(path)) as ReadConfig;
  if (error !== undefined) throw new Error(`${file} is no JSON with comments`);
  const { rules, overrides } = config;
  const named = [rules, ...overrides.map((each) => each.rules)].flatMap(Object.entries);
  return [...new Set(named.flatMap(([name, level]) => (level === 'off' ? [] : [reported(name)])))];
}

function reported(name: string): string {
  const [plugin, rule] = name.includes('/') ? name.split('/') : ['eslint', name];
  return `${plugin}(${rule})`;
}
