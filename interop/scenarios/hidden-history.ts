import { pageBack, requireSame } from '@hansa/testkit';
import type { Scenario } from './scenario.ts';
import { hears, seesInvite, seesMembership } from './sees.ts';

/** What somebody sees who was invited, and then joined, by the room's history visibility. */
const SEEN = {
  joined: ['after the join'],
  invited: ['after the invite', 'after the join'],
  shared: ['before', 'after the invite', 'after the join'],
};

export const hiddenHistory: Scenario = {
  title: 'who joins late sees no more than the history visibility allows',
  async run({ host, guest, roomVersion }) {
    for (const [visibility, expected] of Object.entries(SEEN)) {
      const content = { history_visibility: visibility };
      const room = await host.createRoom({
        preset: 'private_chat',
        room_version: roomVersion,
        initial_state: [{ type: 'm.room.history_visibility', state_key: '', content }],
      });
      await host.sendText(room, 'before');
      await host.invite(room, guest.userId);
      await seesInvite(guest, room);
      await host.sendText(room, 'after the invite');
      await guest.join(room);
      await seesMembership(host, room, guest.userId, 'join');
      await hears(guest, room, await host.sendText(room, 'after the join'));
      const bodies = (await pageBack(guest, room))
        .filter(({ type }) => type === 'm.room.message')
        .map(({ content: { body } }) => body);
      requireSame(`the messages with history visibility "${visibility}"`, bodies, expected);
    }
  },
};
