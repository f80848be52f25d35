import { canonicalJsonBytes } from '@hansa/protocol';
import { inProcess } from '../in-process.ts';
import type { Row } from '../row.ts';
import { sampleRoom } from './sample-room.ts';

export const canonicalise: Row = {
  id: 'protocol/canonicalise',
  title: 'write a PDU as canonical JSON',
  operation: 'PDU',
  prepare() {
    const objects = sampleRoom().messages.map(({ json }) => json);
    return {
      ours: inProcess({
        name: 'canonicalJsonBytes',
        operations: objects.length,
        run: () => objects.map(canonicalJsonBytes),
      }),
    };
  },
};
