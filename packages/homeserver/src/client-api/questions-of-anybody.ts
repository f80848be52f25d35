import { Slots } from '@hansa/net';
import type { RemoteDirectories } from '../directory/remote-directories.ts';
import { overloaded } from '../matrix-error.ts';

/** Questions to other servers at a time: a tenth of the connections that there are for everything. */
const AT_A_TIME = 20;
const WAITING = 200;

/**
 * What nobody needs an account for may lead to other servers, which may be slow, or not there. So it has ways out of its
 * own: however many ask, messages and keys keep theirs.
 *
 * @throws MatrixError 503 where too many wait
 */
export function questionsOfAnybody(remote: RemoteDirectories): RemoteDirectories {
  const slots = new Slots(AT_A_TIME);
  const ask = async <T>(question: () => Promise<T>): Promise<T> => {
    if (slots.waiting >= WAITING) {
      throw overloaded('Too many people are asking for what is on other servers. Try again soon.');
    }
    return slots.run(question);
  };
  return {
    queryDirectory: (server, alias) => ask(() => remote.queryDirectory(server, alias)),
    queryPublicRooms: (server, query) => ask(() => remote.queryPublicRooms(server, query)),
    queryProfile: (server, userId) => ask(() => remote.queryProfile(server, userId)),
  };
}
