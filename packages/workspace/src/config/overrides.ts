import { parse } from 'yaml';
import { closest } from './closest.ts';
import { ConfigError } from './config-error.ts';
import type { SettingDescription } from './describe-setting.ts';
import { listSettings } from './list-settings.ts';

/** As `process.env` is. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A setting that a variable of the environment gives. */
export interface Override {
  readonly path: readonly string[];
  readonly variable: string;
  readonly value: unknown;
}

const PREFIX = 'HANSA_';

/**
 * What the environment says. A text is taken as it is; numbers, lists and tables are written in YAML. An empty variable
 * counts as absent.
 * @throws ConfigError for a variable that begins like ours and is no setting, and for what is no YAML
 */
export function readOverrides(environment: Environment): readonly Override[] {
  const settings = new Map(listSettings().map((setting) => [setting.variable, setting]));
  return Object.entries(environment).flatMap(([variable, text = '']) => {
    if (!variable.startsWith(PREFIX) || text === '') return [];
    const setting = settings.get(variable);
    if (setting === undefined) throw unknownVariable(variable, [...settings.keys()]);
    return [
      { path: setting.path, variable, value: readValue(setting.description, text, variable) },
    ];
  });
}

/** That of the setting itself, or of what it is a part of. */
export function findOverride(
  overrides: readonly Override[],
  path: readonly (string | number)[],
): Override | undefined {
  return overrides.find((override) => override.path.every((key, index) => path[index] === key));
}

/** The document's value, and in it what overrides it. */
export function withOverrides(value: unknown, overrides: readonly Override[]): unknown {
  return overrides.reduce<unknown>(
    (so, { path, value: given }) => withValue(so, path, given),
    value,
  );
}

/** Where a section should stand and something else does, that is kept: it is a mistake of its own. */
function withValue(around: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const section = around ?? {};
  if (typeof section !== 'object' || Array.isArray(section)) return around;
  const inner = Object.hasOwn(section, key) ? (section as Record<string, unknown>)[key] : undefined;
  return { ...section, ...Object.fromEntries([[key, withValue(inner, rest, value)]]) };
}

function readValue({ type }: SettingDescription, text: string, variable: string): unknown {
  if (type === 'string' || type === undefined) return text;
  try {
    return parse(text);
  } catch (error) {
    throw new ConfigError(variable, 'it is no YAML.', error);
  }
}

function unknownVariable(variable: string, known: readonly string[]): ConfigError {
  const suggestion = closest(variable, known);
  const hint = suggestion === undefined ? '' : ` Did you mean ${suggestion}?`;
  return new ConfigError(variable, `There is no setting of that name.${hint}`);
}
