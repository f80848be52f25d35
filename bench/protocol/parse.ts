import { Buffer } from 'node:buffer';
import { parseJson } from '@hansa/protocol';
import { inProcess } from '../in-process.ts';
import type { Row } from '../row.ts';
import { sampleRoom } from './sample-room.ts';

export const parse: Row = {
  id: 'protocol/parse',
  title: 'read the body of a transaction of 50 PDUs, strictly and without loss',
  operation: 'PDU',
  goal: { says: 'at most 4× JSON.parse', factor: 4 },
  prepare() {
    const { transaction, messages } = sampleRoom();
    const body = Buffer.from(transaction);
    const operations = messages.length;
    return {
      ours: inProcess({ name: 'parseJson', operations, run: () => parseJson(body) }),
      reference: inProcess({
        name: 'JSON.parse',
        operations,
        run: () => JSON.parse(body.toString('utf8')) as unknown,
      }),
    };
  },
};
