import { pathToFileURL } from 'node:url';

interface Checked {
  readonly ok: boolean;
  readonly errors?: readonly string[];
}

interface Call {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly body: unknown;
}

/** Of the contract checker (CONTRIBUTING.md), over the specification's own data. */
export interface Contract {
  match(method: string, path: string): unknown;
  checkRequest(request: Call): Checked;
  checkResponse(response: Call & { readonly status: number }): Checked;
}

/** The specification's schemas of an API; `undefined` where the checker is absent, which is then said. */
export async function loadContract(
  api: 'client-server' | 'server-server',
): Promise<Contract | undefined> {
  const folder = process.env['HANSA_CONTRACT'];
  if (folder === undefined) {
    process.stderr.write(
      'SKIPPED: answers are not held against the contract: HANSA_CONTRACT is not set\n',
    );
    return undefined;
  }
  const module = (await import(pathToFileURL(`${folder}/contract.mjs`).href)) as {
    readonly makeContract: (apis: readonly string[]) => Contract;
  };
  return module.makeContract([api]);
}
