import { describe, expect, it } from 'vitest';
import { listSettings } from './list-settings.ts';
import { readOverrides, type Environment } from './overrides.ts';
import { parseConfig } from './parse-config.ts';

const FILE = `
serverName: harbour.example
data: data
client: { host: 127.0.0.1, port: 8008 }
federation: { listen: { host: 127.0.0.1, port: 8448 } }
`;

const configOf = (environment: Environment, text = FILE) =>
  parseConfig(text, 'hansa.yaml', readOverrides(environment)).config;

function mistake(environment: Environment): string {
  try {
    configOf(environment);
  } catch (error) {
    return (error as Error).message;
  }
  return 'no mistake was found';
}

describe('the environment', () => {
  it('has a variable for every setting, each of a name of its own', () => {
    const variables = listSettings().map(({ variable }) => variable);
    expect(new Set(variables).size).toBe(variables.length);
    expect(variables).toEqual(
      expect.arrayContaining(['HANSA_PUBLIC_URL', 'HANSA_FEDERATION_LISTEN_TLS_KEY']),
    );
  });

  it('overrides the file, in texts, numbers, lists and tables', () => {
    const config = configOf({
      PATH: '/bin',
      HANSA_DEFAULT_ROOM_VERSION: '11',
      HANSA_CLIENT_PORT: '8010',
      HANSA_CLIENT_TLS_CERTIFICATE: 'a.crt',
      HANSA_CLIENT_TLS_KEY: 'a.key',
      HANSA_FEDERATION_ALLOWED_RANGES: '[127.0.0.0/8]',
      HANSA_FEDERATION_HOSTS: '{ beta.example: 127.0.0.1:8449 }',
    });
    expect(config).toMatchObject({
      serverName: 'harbour.example',
      defaultRoomVersion: '11',
      client: { host: '127.0.0.1', port: 8010, tls: { certificate: 'a.crt', key: 'a.key' } },
      federation: { allowedRanges: ['127.0.0.0/8'], hosts: { 'beta.example': '127.0.0.1:8449' } },
    });
  });

  it('may say everything, beside an empty file', () => {
    const environment = {
      HANSA_SERVER_NAME: 'harbour.example',
      HANSA_DATA: '/srv/hansa',
      HANSA_CLIENT_HOST: '127.0.0.1',
      HANSA_CLIENT_PORT: '8008',
      HANSA_FEDERATION_LISTEN_HOST: '127.0.0.1',
      HANSA_FEDERATION_LISTEN_PORT: '8448',
    };
    expect(configOf(environment, '').data).toBe('/srv/hansa');
  });

  it('says nothing by an empty variable', () => {
    expect(configOf({ HANSA_SERVER_NAME: '', HANSA_NONSENSE: '' }).serverName).toBe(
      'harbour.example',
    );
  });

  it.each<[string, Environment, string]>([
    [
      'a number that is none',
      { HANSA_CLIENT_PORT: 'often' },
      'HANSA_CLIENT_PORT: "client.port": must be a number from 0 to 65535',
    ],
    [
      'a misspelt name',
      { HANSA_SERVERNAME: 'a.example' },
      'HANSA_SERVERNAME: There is no setting of that name. Did you mean HANSA_SERVER_NAME?',
    ],
    [
      'a value that means nothing',
      { HANSA_SERVER_NAME: 'har bour' },
      'HANSA_SERVER_NAME: "serverName": must be a domain, such as alpha.example.',
    ],
    [
      'an item of a list',
      { HANSA_FEDERATION_ALLOWED_RANGES: '[10.0.0.0/99]' },
      'HANSA_FEDERATION_ALLOWED_RANGES: "federation.allowedRanges.0": "10.0.0.0/99"',
    ],
    [
      'what is no YAML',
      { HANSA_FEDERATION_ALLOWED_RANGES: '[' },
      'HANSA_FEDERATION_ALLOWED_RANGES: it is no YAML.',
    ],
    [
      'half a section',
      { HANSA_CLIENT_TLS_KEY: 'a.key' },
      '"client.tls.certificate" is missing: the certificate',
    ],
  ])('stops the start by %s, which is named', (_what, environment, message) => {
    expect(mistake(environment)).toContain(message);
  });

  it('leaves what is no section to the check of the file', () => {
    const text = FILE.replace('client: { host: 127.0.0.1, port: 8008 }', 'client: yes');
    expect(() => configOf({ HANSA_CLIENT_PORT: '8008' }, text)).toThrow(
      'hansa.yaml:4:9: "client": must be a section',
    );
  });
});
