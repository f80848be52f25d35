import { Buffer } from 'node:buffer';
import { systemEffects, type Random } from '@hansa/net';
import { stringify } from 'yaml';
import { describeSetting, type SettingDescription } from './describe-setting.ts';
import { listSettings } from './list-settings.ts';
import { parseConfig } from './parse-config.ts';

const INDENT = '  ';
const SECRET_BYTES = 32;

/**
 * A configuration file with every setting and what it means, as the schema tells it. What must be there stands in it with
 * an example, everything else with its default or an example behind a `#` at the start of its line.
 * @throws ConfigError when `serverName` is none
 */
export function generateConfig(
  serverName: string | undefined,
  random: Pick<Random, 'bytes'> = systemEffects().random,
): string {
  const lines = [
    '# Configuration of a Hansa workspace. Paths count from the folder of this file.',
    '# A line that begins with # and no space behind it, or with several, is a setting that is not made: take the # away.',
    '# A variable of the environment, where one is set, overrides what stands here.',
    ...linesOf(describeSetting([]), [], { serverName, random }),
  ];
  const text = `${lines.join('\n')}\n`;
  parseConfig(text, 'the generated file');
  return text;
}

interface Given {
  readonly serverName: string | undefined;
  readonly random: Pick<Random, 'bytes'>;
}

function linesOf(
  section: SettingDescription | undefined,
  path: readonly string[],
  given: Given,
): readonly string[] {
  const { properties = {}, required = [] } = section ?? {};
  const indent = INDENT.repeat(path.length);
  return Object.entries(properties).flatMap(([key, setting]) => {
    const inner = [...path, key];
    const isSection = setting.properties !== undefined;
    const lines = [
      ...wordsOf(setting, inner).map((words) => `${indent}# ${words}`),
      `${indent}${key}:${isSection ? '' : ` ${valueOf(setting, inner, given)}`}`,
      ...linesOf(setting, inner, given),
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

function valueOf(
  setting: SettingDescription,
  path: readonly string[],
  { serverName, random }: Given,
): string {
  const named = path.join('.') === 'serverName' ? serverName : undefined;
  const drawn = setting.secret === true ? drawSecret(random) : undefined;
  const value = named ?? drawn ?? setting.default ?? setting.example;
  return stringify(value, { collectionStyle: 'flow' }).trim();
}

/** No secret has an example that many would take. */
function drawSecret(random: Pick<Random, 'bytes'>): string {
  return Buffer.from(random.bytes(SECRET_BYTES)).toString('base64url');
}

function commentOut(line: string): string {
  return line.trimStart().startsWith('#') ? line : `#${line}`;
}
