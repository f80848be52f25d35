/** A file of a seeded checkout that breaks a rule: its path, its text, and the rule. */
export type Seed = readonly [path: string, text: string, rule: string];

/** Text of a module that needs another. */
export function use(specifier: string): string {
  return `import * as other from '${specifier}';\nexport { other };\n`;
}
