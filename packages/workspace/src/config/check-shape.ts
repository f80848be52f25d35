import { Value } from 'typebox/value';
import { closest } from './closest.ts';
import type { ConfigDocument } from './config-document.ts';
import { describeSetting } from './describe-setting.ts';
import { ConfigSchema, type WrittenConfig } from './schema.ts';

/**
 * That there are the settings that there must be, and no others, each of its kind.
 * @throws ConfigError at the first mistake; an unknown setting before others, as it may be a misspelt one that is missing
 */
export function checkShape(document: ConfigDocument): WrittenConfig {
  const { value } = document;
  const errors = Value.Errors(ConfigSchema, value).filter(({ keyword }) => keyword !== 'boolean');
  const unknown = errors.find(({ keyword }) => keyword === 'additionalProperties');
  if (unknown) {
    const section = pathOf(unknown.instancePath);
    const [key = ''] = (unknown.params as { additionalProperties: string[] }).additionalProperties;
    const path = [...section, key];
    throw document.errorAt(
      path,
      `There is no setting "${path.join('.')}".${hintFor(key, section)}`,
    );
  }
  const [error] = errors;
  if (error === undefined) return value as WrittenConfig;
  const path = pathOf(error.instancePath);
  if (error.keyword === 'required') {
    const [key = ''] = (error.params as { requiredProperties: string[] }).requiredProperties;
    const missing = [...path, key];
    const meaning = describeSetting(missing)?.meaning;
    const what = meaning === undefined ? '' : `: ${meaning}`;
    throw document.errorAt(path, `"${missing.join('.')}" is missing${what}.`);
  }
  const setting = path.length === 0 ? 'The configuration' : `"${path.join('.')}":`;
  const expects = describeSetting(path)?.expects ?? 'something else';
  throw document.errorAt(path, `${setting} must be ${expects}.`);
}

function hintFor(key: string, section: readonly string[]): string {
  const known = Object.keys(describeSetting(section)?.properties ?? {});
  const suggestion = closest(key, known);
  return suggestion ? ` Did you mean "${suggestion}"?` : ` Known here: ${known.join(', ')}.`;
}

function pathOf(instancePath: string): string[] {
  return instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}
