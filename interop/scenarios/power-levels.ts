import { agreeOnState, isForbidden, promote, sharedPublicRoom } from './rooms.ts';
import type { Scenario } from './scenario.ts';
import { seesState } from './sees.ts';

const MODERATOR = 50;
const ADMIN = 100;

export const powerLevels: Scenario = {
  title: 'power given to the guest, used, not exceeded, and taken back',
  async run(stage) {
    const { host, guest } = stage;
    const room = await sharedPublicRoom(stage);
    const topic = { topic: 'By your leave' };
    await isForbidden('a topic without the power', guest.setState(room, 'm.room.topic', topic));
    await promote(host, room, guest, MODERATOR);
    await guest.setState(room, 'm.room.topic', topic);
    await seesState(host, room, 'm.room.topic', topic);
    await isForbidden('more power for oneself', promote(guest, room, guest, ADMIN));
    await promote(host, room, guest, 0);
    await isForbidden(
      'a topic after the power is gone',
      guest.setState(room, 'm.room.topic', { topic: 'Once more' }),
    );
    await agreeOnState(room, host, guest);
  },
};
