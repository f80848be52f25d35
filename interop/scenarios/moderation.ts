import { agreeOnState, isForbidden, seesMembership, sharedPublicRoom } from './rooms.ts';
import type { Scenario } from './scenario.ts';

export const moderation: Scenario = {
  title: 'kick, ban, unban across servers',
  async run(stage) {
    const { host, guest, home, tag } = stage;
    const room = await sharedPublicRoom(stage);
    const alias = `#public-${tag}:${home.serverName}`;
    const act = (verb: string) =>
      host.http.request('POST', `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/${verb}`, {
        user_id: guest.userId,
      });
    await act('kick');
    await seesMembership(guest, room, guest.userId, 'leave');
    await guest.join(alias);
    await seesMembership(host, room, guest.userId, 'join');
    await act('ban');
    await seesMembership(guest, room, guest.userId, 'ban');
    await isForbidden('the join of somebody who is banned', guest.join(alias));
    await act('unban');
    await guest.join(alias);
    await seesMembership(host, room, guest.userId, 'join');
    await agreeOnState(room, host, guest);
  },
};
