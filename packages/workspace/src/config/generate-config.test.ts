import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { generateConfig } from './generate-config.ts';
import { listSettings } from './list-settings.ts';
import { parseConfig } from './parse-config.ts';

/** The file with every setting made. */
const complete = (text: string) => text.replaceAll(/^#(?! \S)/gm, '');

function memberAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (so, key) => (so as Record<string, unknown> | undefined)?.[key],
    value,
  );
}

describe('the generated configuration', () => {
  it('is one, with nothing made that need not be', () => {
    expect(parse(generateConfig('harbour.example'))).toEqual({
      serverName: 'harbour.example',
      data: 'data',
      client: { host: '127.0.0.1', port: 8008 },
      federation: { listen: { host: '127.0.0.1', port: 8448 } },
    });
  });

  it('is one too when each # is taken away, and has every setting then', () => {
    const { config } = parseConfig(complete(generateConfig(undefined)), 'hansa.yaml');
    for (const { path } of listSettings()) {
      expect([path.join('.'), memberAt(config, path)]).not.toContain(undefined);
    }
  });

  it('says of every setting what it means and which variable it has', () => {
    const text = generateConfig(undefined);
    for (const { variable, description } of listSettings()) {
      expect(text).toContain(`# In the environment: ${variable}\n`);
      expect(text).toContain(String(description.expects));
    }
  });

  it('[SEC-44] has a secret of its own each time', () => {
    const secretOf = (text: string) =>
      parseConfig(complete(text), 'hansa.yaml').config.registrationSharedSecret ?? '';
    const secrets = [generateConfig(undefined), generateConfig(undefined)].map(secretOf);
    expect(new Set(secrets).size).toBe(2);
    expect(secrets[0]).toHaveLength(43);
  });

  it('refuses a name that is none', () => {
    expect(() => generateConfig('https://harbour.example')).toThrow(
      '"serverName": must be a domain',
    );
  });
});
