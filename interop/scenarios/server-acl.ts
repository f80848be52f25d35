import { requireSame } from '@hansa/testkit';
import { hearsInOrder, talk } from './messages.ts';
import {
  agreeOnState,
  isForbidden,
  promote,
  sharedPrivateRoom,
  sharedPublicRoom,
} from './rooms.ts';
import type { Scenario } from './scenario.ts';
import { seesState } from './sees.ts';
import { isTold, setTyping, typers } from './ephemeral.ts';

const MODERATOR = 50;
const TYPE = 'm.room.server_acl';

export const serverAcl: Scenario = {
  title: 'a server that the room denies is not heard, nor let in, until the room allows it again',
  async run(stage) {
    const { home, away, host, guest, tag, roomVersion } = stage;
    const elsewhere = await sharedPrivateRoom(stage);
    const room = await sharedPublicRoom(stage);
    await promote(host, room, guest, MODERATOR);
    const [hostname = ''] = away.serverName.split(':');
    const denial = { allow: ['*'], deny: [hostname], allow_ip_literals: true };
    await host.setState(room, TYPE, denial);
    await seesState(guest, room, TYPE, denial);
    const { next_batch: since } = await host.sync();
    // Its own server may take them.
    await guest.sendText(room, 'unheard').catch(() => {});
    await guest.setState(room, 'm.room.topic', { topic: 'unseen' }).catch(() => {});
    await setTyping(guest, room, true);
    // What was sent before these has been dealt with when they are there.
    for (const body of ['heard 1', 'heard 2']) {
      await guest.sendText(elsewhere, body);
      await hearsInOrder(host, elsewhere, [body]);
    }
    requireSame('what was heard of a denied server', host.room(room).bodies(), []);
    await setTyping(guest, elsewhere, true);
    await isTold(host, elsewhere, {
      what: 'that the guest types',
      look: typers,
      expected: [guest.userId],
    });
    const told = (await host.sync({ since })).rooms?.join?.[room]?.ephemeral?.events ?? [];
    requireSame('who types on a denied server', typers(told), undefined);
    const topic = (await host.state(room)).find(({ type }) => type === 'm.room.topic');
    requireSame('the topic by a denied server', topic, undefined);

    await host.createRoom({
      preset: 'public_chat',
      room_alias_name: `denied-${tag}`,
      room_version: roomVersion,
      initial_state: [{ type: TYPE, state_key: '', content: denial }],
    });
    await isForbidden('a join', guest.join(`#denied-${tag}:${home.serverName}`));

    const allowance = { ...denial, deny: [] };
    await host.setState(room, TYPE, allowance);
    await seesState(guest, room, TYPE, allowance);
    await talk(room, [host, guest], 'allowed again');
    await agreeOnState(room, host, guest);
  },
};
