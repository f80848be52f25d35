import { talk } from './messages.ts';
import { agreeOnState, isForbidden, moderate, sharedPublicRoom } from './rooms.ts';
import type { Scenario } from './scenario.ts';
import { seesInvite, seesMembership } from './sees.ts';

export const moderation: Scenario = {
  title: 'kick, ban, unban and another invite across servers',
  async run(stage) {
    const { host, guest, home, tag } = stage;
    const room = await sharedPublicRoom(stage);
    const alias = `#public-${tag}:${home.serverName}`;
    await moderate(host, 'kick', room, guest.userId);
    await seesMembership(guest, room, guest.userId, 'leave');
    await guest.join(alias);
    await seesMembership(host, room, guest.userId, 'join');
    await moderate(host, 'ban', room, guest.userId);
    await seesMembership(guest, room, guest.userId, 'ban');
    await isForbidden('the join of somebody who is banned', guest.join(alias));
    await isForbidden('the invite of somebody who is banned', host.invite(room, guest.userId));
    await moderate(host, 'unban', room, guest.userId);
    await host.invite(room, guest.userId);
    await seesInvite(guest, room);
    await guest.join(room);
    await seesMembership(host, room, guest.userId, 'join');
    await talk(room, [host, guest], 'forgiven');
    await agreeOnState(room, host, guest);
  },
};
