import { Value } from 'typebox/value';
import { parseServerName } from '@hansa/protocol';
import { LineCounter, parseDocument, type Document } from 'yaml';
import { closest } from './closest.ts';
import { ConfigError } from './config-error.ts';
import { ConfigSchema, type Config } from './schema.ts';

/**
 * Parses and checks the text of a configuration file.
 * @throws ConfigError at the first mistake, with line and column
 */
export function parseConfig(text: string, file: string): Config {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const fail = (offset: number, what: string): never => {
    const { line, col } = lines.linePos(offset);
    throw new ConfigError({ file, line, column: col }, what);
  };
  const [syntaxError] = document.errors;
  if (syntaxError) fail(syntaxError.pos[0], syntaxError.message.split('\n')[0] ?? 'not YAML');
  const value: unknown = document.toJS();
  const errors = Value.Errors(ConfigSchema, value).filter(({ keyword }) => keyword !== 'boolean');
  const unknown = errors.find(({ keyword }) => keyword === 'additionalProperties');
  if (unknown) {
    const [key = ''] = (unknown.params as { additionalProperties: string[] }).additionalProperties;
    const path = [...pathOf(unknown.instancePath), key];
    const known = knownKeys(unknown.instancePath);
    const suggestion = closest(key, known);
    const hint = suggestion
      ? ` Did you mean "${suggestion}"?`
      : ` Known here: ${known.join(', ')}.`;
    fail(offsetOf(document, path), `There is no setting "${path.join('.')}".${hint}`);
  }
  const [error] = errors;
  if (error) {
    const path = pathOf(error.instancePath);
    const setting = path.length === 0 ? 'The configuration' : `"${path.join('.')}"`;
    fail(offsetOf(document, path), `${setting} ${error.message}.`);
  }
  const config = value as Config;
  const name = parseServerName(config.serverName);
  if (!name.ok) fail(offsetOf(document, ['serverName']), `"serverName": ${name.reason}.`);
  return Value.Default(ConfigSchema, config) as Config;
}

function pathOf(instancePath: string): string[] {
  return instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Where the setting stands, or the nearest thing around it that does. */
function offsetOf(document: Document, path: readonly string[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    const range = (node as { range?: readonly [number, number, number] } | undefined)?.range;
    if (range) return range[0];
  }
  return 0;
}

function knownKeys(instancePath: string): string[] {
  let schema: unknown = ConfigSchema;
  for (const step of pathOf(instancePath)) {
    schema = (schema as { properties?: Record<string, unknown> }).properties?.[step];
  }
  return Object.keys((schema as { properties?: object } | undefined)?.properties ?? {});
}
