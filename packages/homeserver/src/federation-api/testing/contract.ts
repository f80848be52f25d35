import { loadContract, type Contract } from '@hansa/testkit';
import { expect } from 'vitest';

const contract = await loadContract('server-server');

/** Fails unless the answer is as the specification's schema has it. */
export function expectContract(answer: Parameters<Contract['checkResponse']>[0]): void {
  if (contract !== undefined) expect(contract.checkResponse(answer).errors ?? []).toEqual([]);
}

/** The same of a request of ours. */
export function expectRequestContract(request: Parameters<Contract['checkRequest']>[0]): void {
  if (contract !== undefined) expect(contract.checkRequest(request).errors ?? []).toEqual([]);
}
