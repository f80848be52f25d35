import { hashAndSignEvent } from '@hansa/protocol';
import { inProcess } from '../in-process.ts';
import type { Row } from '../row.ts';
import { sampleRoom } from './sample-room.ts';

export const sign: Row = {
  id: 'protocol/sign',
  title: 'hash, redact and sign an event of ours',
  operation: 'event',
  prepare() {
    const { messages, rules, server, signingKey } = sampleRoom();
    const unsigned = messages.map(({ json }) => {
      const { hashes: _hashes, signatures: _signatures, ...rest } = json;
      return rest;
    });
    return {
      ours: inProcess({
        name: 'hashAndSignEvent',
        operations: unsigned.length,
        run: () => unsigned.map((json) => hashAndSignEvent(json, rules, server, signingKey)),
      }),
    };
  },
};
