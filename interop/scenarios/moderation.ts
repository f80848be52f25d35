import { ClientError } from '@hansa/testkit';
import { agreeOnState, seesMembership, sharedPublicRoom } from './rooms.ts';
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
    const refused = await guest.join(alias).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (!(refused instanceof ClientError) || refused.status !== 403) {
      throw new Error(`somebody who is banned joined, or was refused oddly: ${String(refused)}`);
    }
    await act('unban');
    await guest.join(alias);
    await seesMembership(host, room, guest.userId, 'join');
    await agreeOnState(room, host, guest);
  },
};
