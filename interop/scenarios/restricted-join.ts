import { requireSame } from '@hansa/testkit';
import { registerAt } from '../peer.ts';
import { talk } from './messages.ts';
import { agreeOnState, isForbidden } from './rooms.ts';
import type { Scenario } from './scenario.ts';
import { seesMembership } from './sees.ts';

export const restrictedJoin: Scenario = {
  title: 'members of one room may join another: through its server, then through their own',
  async run({ home, away, host, guest, tag, roomVersion }) {
    const club = await host.createRoom({
      preset: 'public_chat',
      room_alias_name: `club-${tag}`,
      room_version: roomVersion,
    });
    const allow = [{ type: 'm.room_membership', room_id: club }];
    const room = await host.createRoom({
      preset: 'private_chat',
      room_alias_name: `members-${tag}`,
      room_version: roomVersion,
      initial_state: [
        {
          type: 'm.room.join_rules',
          state_key: '',
          content: { join_rule: 'restricted', allow },
        },
      ],
    });
    const clubAlias = `#club-${tag}:${home.serverName}`;
    const alias = `#members-${tag}:${home.serverName}`;
    await isForbidden('the join of somebody outside the club', guest.join(alias));
    await guest.join(clubAlias);
    await guest.join(alias);
    await seesMembership(host, room, guest.userId, 'join');
    const authorisedBy = host.room(room).state('m.room.member', guest.userId)?.content;
    requireSame('who let them in', authorisedBy?.['join_authorised_via_users_server'], host.userId);

    const second = await registerAt(away, `second-${tag}`);
    await isForbidden('the join of another one outside the club', second.join(alias));
    await second.join(clubAlias);
    await second.join(alias);
    await seesMembership(host, room, second.userId, 'join');
    await talk(room, [host, guest, second], 'members only');
    await agreeOnState(room, host, guest);
  },
};
