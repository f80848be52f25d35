import fc from 'fast-check';
import { it } from 'vitest';
import { mutatedText } from '@hansa/protocol/testing/mutations';
import { fuzzRuns, propertyParameters } from '@hansa/protocol/testing/runs';
import { ConfigError } from './config-error.ts';
import { parseConfig } from './parse-config.ts';

const SAMPLE = `
serverName: harbour.example
data: data
client: { host: 127.0.0.1, port: 8008 }
federation:
  listen: { host: 127.0.0.1, port: 8448 }
  hosts: { lighthouse.example: '127.0.0.1:8449' }
  allowedRanges: [127.0.0.0/8]
`;

it('any text is a configuration, or a mistake with file, line and column', () => {
  const pieces = ['{', '}', '[', '- ', ': ', '\n  ', '&a ', '*a', '<<: ', '!!x ', '"', '__proto__'];
  fc.assert(
    fc.property(mutatedText([SAMPLE], pieces), (text) => {
      try {
        return parseConfig(text, 'hansa.yaml').config.serverName !== '';
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        return /^hansa\.yaml:\d+:\d+: ./.test(error.message);
      }
    }),
    propertyParameters(fuzzRuns),
  );
});
