import { talk } from './messages.ts';
import { agreeOnState, sharedPrivateRoom } from './rooms.ts';
import type { Scenario } from './scenario.ts';

export const inviteAccept: Scenario = {
  title: 'invite to a private room, accepted, messages both ways',
  async run(stage) {
    const room = await sharedPrivateRoom(stage);
    await talk(room, [stage.host, stage.guest], 'private');
    await agreeOnState(room, stage.host, stage.guest);
  },
};
