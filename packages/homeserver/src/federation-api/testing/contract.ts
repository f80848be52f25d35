import { pathToFileURL } from 'node:url';
import { expect } from 'vitest';

interface Checked {
  readonly ok: boolean;
  readonly errors?: readonly string[];
}

interface Contract {
  checkRequest(request: {
    readonly method: string;
    readonly path: string;
    readonly body: unknown;
  }): Checked;
  checkResponse(response: {
    readonly method: string;
    readonly path: string;
    readonly status: number;
    readonly body: unknown;
  }): Checked;
}

const folder = process.env['HANSA_CONTRACT'];

/** The specification's schemas of the server-server API; `undefined` where the checker is absent, which is then said. */
const contract = folder === undefined ? skip() : await load(folder);

function skip(): undefined {
  process.stderr.write(
    'SKIPPED: answers are not held against the contract: HANSA_CONTRACT is not set\n',
  );
  return undefined;
}

async function load(path: string): Promise<Contract> {
  const module = (await import(pathToFileURL(`${path}/contract.mjs`).href)) as {
    readonly makeContract: (apis: readonly string[]) => Contract;
  };
  return module.makeContract(['server-server']);
}

/** Fails unless the answer is as the specification's schema has it. */
export function expectContract(answer: Parameters<Contract['checkResponse']>[0]): void {
  if (contract !== undefined) expect(contract.checkResponse(answer).errors ?? []).toEqual([]);
}

/** The same of a request of ours. */
export function expectRequestContract(request: Parameters<Contract['checkRequest']>[0]): void {
  if (contract !== undefined) expect(contract.checkRequest(request).errors ?? []).toEqual([]);
}
