import { stringify } from 'yaml';
import { describeSetting, type SettingDescription } from './describe-setting.ts';
import { listSettings } from './list-settings.ts';
import { parseConfig } from './parse-config.ts';

const INDENT = '  ';

/**
 * A configuration file with every setting and what it means, as the schema tells it. What must be there stands in it with
 * an example, everything else with its default or an example behind a `#` at the start of its line.
 * @throws ConfigError when `serverName` is none
 */
export function generateConfig(serverName?: string): string {
  const lines = [
    '# Configuration of a Hansa workspace. Paths count from the folder of this file.',
    '# A line that begins with # and no space behind it, or with several, is a setting that is not made: take the # away.',
    '# A variable of the environment, where one is set, overrides what stands here.',
    ...linesOf(describeSetting([]), [], serverName),
  ];
  const text = `${lines.join('\n')}\n`;
  parseConfig(text, 'the generated file');
  return text;
}

function linesOf(
  section: SettingDescription | undefined,
  path: readonly string[],
  serverName?: string,
): readonly string[] {
  const { properties = {}, required = [] } = section ?? {};
  const indent = INDENT.repeat(path.length);
  return Object.entries(properties).flatMap(([key, setting]) => {
    const inner = [...path, key];
    const isSection = setting.properties !== undefined;
    const value = key === 'serverName' ? serverName : undefined;
    const lines = [
      ...wordsOf(setting, inner).map((words) => `${indent}# ${words}`),
      `${indent}${key}:${isSection ? '' : ` ${valueOf(setting, value)}`}`,
      ...linesOf(setting, inner),
    ];
    const made = required.includes(key) ? lines : lines.map(commentOut);
    return path.length === 0 ? ['', ...made] : made;
  });
}

function wordsOf(setting: SettingDescription, path: readonly string[]): readonly string[] {
  const { meaning = '', expects = '' } = setting;
  const sentence = `${meaning.charAt(0).toUpperCase()}${meaning.slice(1)}`;
  const variable = listSettings().find((each) => each.path.join() === path.join())?.variable;
  if (variable === undefined) return [`${sentence}.`];
  return [`${sentence}: ${expects}.`, `In the environment: ${variable}`];
}

function valueOf(setting: SettingDescription, given: string | undefined): string {
  const value = given ?? setting.default ?? setting.example;
  return stringify(value, { collectionStyle: 'flow' }).trim();
}

function commentOut(line: string): string {
  return line.trimStart().startsWith('#') ? line : `#${line}`;
}
