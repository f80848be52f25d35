import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = '../shared/matrix-spec/data/api/server-server';
const folder = fileURLToPath(new URL(`../../../../../${FOLDER}`, import.meta.url));

/** The specification's server-server operations, or `undefined` where its data is absent, which is then said. */
export const operations = existsSync(folder) ? readOperations() : skip();

export interface Operation {
  readonly method: string;
  /** With its prefix: `/_matrix/federation/v1/make_join/{roomId}/{userId}`. */
  readonly path: string;
  /** Names of its security schemes; none: anybody may call. */
  readonly security: readonly string[];
}

function skip(): undefined {
  process.stderr.write(`SKIPPED: the specification's data is absent: ${FOLDER}\n`);
  return undefined;
}

function readOperations(): readonly Operation[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .flatMap((name) => operationsOf(readFileSync(`${folder}/${name}`, 'utf8')));
}

/** These files are laid out alike, so their indentation says what is what. */
function operationsOf(yaml: string): readonly Operation[] {
  const basePath = / {6}basePath:\n {8}default: (\S+)/.exec(yaml)?.[1] ?? '';
  const paths = yaml.slice(yaml.indexOf('\npaths:\n'), yaml.indexOf('\nservers:\n'));
  return paths.split(/\n {2}(?=["/])/).flatMap((section) => {
    const path = /^"?([^"\n]+?)"?:\n/.exec(section)?.[1];
    if (path === undefined || !path.startsWith('/')) return [];
    return section.split(/\n {4}(?=[a-z]+:\n)/).flatMap((text) => {
      const method = /^(get|put|post|delete):\n/.exec(text)?.[1];
      if (method === undefined) return [];
      const security = /\n {6}security:\n((?: {8}- .*\n)+)/.exec(text)?.[1] ?? '';
      const schemes = security.matchAll(/- (\w+):/g).map(([, scheme = '']) => scheme);
      return [{ method: method.toUpperCase(), path: basePath + path, security: [...schemes] }];
    });
  });
}
