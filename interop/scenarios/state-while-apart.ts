import { deadline } from '@hansa/testkit';
import { agreeOnState, isForbidden, seesMembership, sharedPublicRoom, talk } from './rooms.ts';
import type { Scenario } from './scenario.ts';

const MODERATOR = 50;

export const stateWhileApart: Scenario = {
  title: 'both change state while apart, and agree afterwards',
  async run(stage) {
    const { home, away, host, guest } = stage;
    const room = await sharedPublicRoom(stage);
    const levels = (await host.state(room)).find(({ type }) => type === 'm.room.power_levels');
    await host.setState(room, 'm.room.power_levels', {
      ...levels?.content,
      users: { ...(levels?.content['users'] as object), [guest.userId]: MODERATOR },
    });
    await guest.until((client) => {
      const users = client.room(room).state('m.room.power_levels')?.content['users'];
      return (users as Record<string, number> | undefined)?.[guest.userId] === MODERATOR;
    }, deadline('its own power level'));

    await away.stop();
    await host.setState(room, 'm.room.topic', { topic: 'of the home server' });
    await host.setState(room, 'm.room.name', { name: 'Name of the home server' });
    await host.sendText(room, 'said at home while apart');
    await home.stop();
    await away.resume();
    await guest.setState(room, 'm.room.topic', { topic: 'of the visiting server' });
    await isForbidden(
      'a change of history visibility by a moderator',
      guest.setState(room, 'm.room.history_visibility', { history_visibility: 'joined' }),
    );
    await guest.sendText(room, 'said away while apart');
    await home.resume();

    await talk(room, [host, guest], 'together again');
    await agreeOnState(room, host, guest);
    await seesMembership(host, room, guest.userId, 'join');
  },
};
