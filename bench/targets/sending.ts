import { closedLoop } from '../closed-loop.ts';
import { sendMessage } from '../pairs/server-pair.ts';
import { cpuMicrosOf } from '../process-tree.ts';
import type { Candidate } from '../row.ts';
import type { SendTarget } from './send-target.ts';

/** Blocks of so many messages by so many senders, each of whom waits for the answer to the last. */
export function sending(
  load: { readonly senders: number; readonly times: number },
  target: SendTarget,
): Candidate {
  let blocks = 0;
  return {
    name: target.name,
    block: async () => {
      blocks += 1;
      const before = cpuMicrosOf(target.process.pid);
      const eventIds = await closedLoop(load, (index) =>
        sendMessage(target.client, target.roomId, `${blocks}-${index}`),
      );
      const cost = cpuMicrosOf(target.process.pid) - before;
      await target.check(eventIds);
      return { cost, operations: load.times };
    },
  };
}
