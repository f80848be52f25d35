import { checkContentHash, verifyEventSignatures } from '@hansa/protocol';
import { inProcess } from '../in-process.ts';
import type { Row } from '../row.ts';
import { sampleRoom } from './sample-room.ts';

export const verify: Row = {
  id: 'protocol/verify',
  title: 'check signature and content hash of an event',
  operation: 'event',
  prepare() {
    const { messages, rules, server, verifyKey } = sampleRoom();
    const objects = messages.map(({ json }) => json);
    return {
      ours: inProcess({
        name: 'verifyEventSignatures, checkContentHash',
        operations: objects.length,
        run: () => {
          for (const json of objects) {
            const signed = verifyEventSignatures(json, rules, server, () => verifyKey);
            if (!signed.ok || !checkContentHash(json).ok)
              throw new Error('a sample does not verify');
          }
        },
      }),
    };
  },
};
