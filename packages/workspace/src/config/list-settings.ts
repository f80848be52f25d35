import { describeSetting, type SettingDescription } from './describe-setting.ts';

/** All that is no section, in the schema's order. */
export interface Setting {
  readonly path: readonly string[];
  readonly description: SettingDescription;
  /** The variable of the environment that overrides it. */
  readonly variable: string;
}

export function listSettings(): readonly Setting[] {
  return within(describeSetting([]), []);
}

function within(
  description: SettingDescription | undefined,
  path: readonly string[],
): readonly Setting[] {
  if (description === undefined) return [];
  const { properties } = description;
  if (properties === undefined) return [{ path, description, variable: variableOf(path) }];
  return Object.entries(properties).flatMap(([key, each]) => within(each, [...path, key]));
}

/** `federation.listen.port` is `HANSA_FEDERATION_LISTEN_PORT`, and `publicUrl` is `HANSA_PUBLIC_URL`. */
function variableOf(path: readonly string[]): string {
  const words = path.map((key) => key.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase());
  return ['HANSA', ...words].join('_');
}
