import { talk } from './messages.ts';
import { agreeOnState, isForbidden, promote, sharedPublicRoom } from './rooms.ts';
import type { Scenario } from './scenario.ts';
import { seesMembership } from './sees.ts';

const MODERATOR = 50;

export const stateWhileApart: Scenario = {
  title: 'both change state while apart, and agree afterwards',
  async run(stage) {
    const { home, away, host, guest } = stage;
    const room = await sharedPublicRoom(stage);
    await promote(host, room, guest, MODERATOR);
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
