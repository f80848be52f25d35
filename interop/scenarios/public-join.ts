import { talk } from './messages.ts';
import { agreeOnState, sharedPublicRoom } from './rooms.ts';
import type { Scenario } from './scenario.ts';

export const publicJoin: Scenario = {
  title: 'public join by alias, messages both ways',
  async run(stage) {
    const room = await sharedPublicRoom(stage);
    await talk(room, [stage.host, stage.guest], 'public');
    await agreeOnState(room, stage.host, stage.guest);
  },
};
