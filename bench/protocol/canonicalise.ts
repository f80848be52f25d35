import { canonicalJsonBytes } from '@hansa/protocol';
import { inProcess } from '../in-process.ts';
import type { Row } from '../row.ts';
import { pdusOf, sampleRoom } from './sample-room.ts';

export const canonicalise: Row = {
  id: 'protocol/canonicalise',
  title: 'write a PDU as canonical JSON, as it came from a peer',
  operation: 'PDU',
  prepare() {
    const objects = pdusOf(sampleRoom().transaction);
    return {
      ours: inProcess({
        name: 'canonicalJsonBytes',
        operations: objects.length,
        run: () => objects.map(canonicalJsonBytes),
      }),
    };
  },
};
