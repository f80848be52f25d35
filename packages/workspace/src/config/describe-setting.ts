import { ConfigSchema } from './schema.ts';

/** What the schema says of a setting; the members that its kind has not are absent. */
export interface SettingDescription {
  readonly meaning?: string;
  readonly expects?: string;
  /** What it is where nothing is said. */
  readonly default?: unknown;
  readonly example?: unknown;
  /** Whether it is one, that has no example but a new one each time. */
  readonly secret?: boolean;
  /** JSON Schema's; absent where it is one of several words. */
  readonly type?: string;
  /** Of a section: keys that must be there. */
  readonly required?: readonly string[];
  /** Of a section. */
  readonly properties?: Readonly<Record<string, SettingDescription>>;
  /** Of a section whose keys are the user's: the only one is what stands under each. */
  readonly patternProperties?: Readonly<Record<string, SettingDescription>>;
  /** Of a list. */
  readonly items?: SettingDescription;
}

/** `undefined` where there is no such setting. */
export function describeSetting(path: readonly string[]): SettingDescription | undefined {
  // The library's types forget the words that a schema carries.
  let setting = ConfigSchema as unknown as SettingDescription | undefined;
  for (const step of path) {
    const { properties = {}, patternProperties = {}, items } = setting ?? {};
    const known = Object.hasOwn(properties, step) ? properties[step] : undefined;
    setting = known ?? Object.values(patternProperties)[0] ?? items;
  }
  return setting;
}
