import { checkAuth } from '@hansa/protocol';
import { inProcess } from '../in-process.ts';
import type { Row } from '../row.ts';
import { sampleRoom } from './sample-room.ts';

export const authorise: Row = {
  id: 'protocol/authorise',
  title: 'authorise a message by its auth events',
  operation: 'event',
  prepare() {
    const { messages, rules, authEvents, create } = sampleRoom();
    return {
      ours: inProcess({
        name: 'checkAuth',
        operations: messages.length,
        run: () => {
          for (const message of messages) {
            const decision = checkAuth(message, rules, authEvents, create);
            if (!decision.ok) throw new Error(decision.reason);
          }
        },
      }),
    };
  },
};
