import { talk } from './messages.ts';
import { agreeOnState } from './rooms.ts';
import type { Scenario } from './scenario.ts';
import { sees, seesMembership, seesState } from './sees.ts';

export const directMessage: Scenario = {
  title: 'a direct message, announced as one, in which both have the same power',
  async run({ host, guest, tag, roomVersion }) {
    const room = await host.createRoom({
      preset: 'trusted_private_chat',
      is_direct: true,
      room_version: roomVersion,
      invite: [guest.userId],
    });
    const isDirect = () =>
      guest.invites
        .get(room)
        ?.find(({ type, state_key: key }) => type === 'm.room.member' && key === guest.userId)
        ?.content['is_direct'];
    await sees(guest, 'is_direct in the invite', isDirect, true);
    await guest.join(room);
    await seesMembership(host, room, guest.userId, 'join');
    await talk(room, [host, guest], 'direct');
    const name = { name: `Between us ${tag}` };
    await guest.setState(room, 'm.room.name', name);
    await seesState(host, room, 'm.room.name', name);
    await agreeOnState(room, host, guest);
  },
};
