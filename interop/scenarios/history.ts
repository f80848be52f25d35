import { pageBack, requireSame } from '@hansa/testkit';
import type { ClientEvent } from '@hansa/protocol/wire';
import type { Scenario } from './scenario.ts';
import { seesMembership } from './sees.ts';

const MESSAGES = 120;

export const history: Scenario = {
  title: 'who joins late pages back all that was said and done before, in order',
  async run({ home, host, guest, tag, roomVersion }) {
    const room = await host.createRoom({
      preset: 'public_chat',
      room_alias_name: `history-${tag}`,
      room_version: roomVersion,
    });
    for (let n = 1; n <= MESSAGES; n += 1) {
      await host.sendText(room, `long ago ${n}`);
      if (n % 20 === 0) await host.setState(room, 'm.room.topic', { topic: `Day ${n / 20}` });
    }
    await guest.join(`#history-${tag}:${home.serverName}`);
    await seesMembership(host, room, guest.userId, 'join');
    const [before, seen] = [await pageBack(host, room), await pageBack(guest, room)];
    requireSame('the first event', seen[0]?.type, 'm.room.create');
    requireSame('the events', seen.map(toLine), before.map(toLine));
  },
};

function toLine({ event_id, type, content }: ClientEvent): string {
  return `${event_id} ${type} ${JSON.stringify(content['body'] ?? content['topic'])}`;
}
