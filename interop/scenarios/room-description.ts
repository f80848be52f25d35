import { agreeOnState, promote, sharedPublicRoom } from './rooms.ts';
import type { Scenario } from './scenario.ts';
import { seesState } from './sees.ts';

const MODERATOR = 50;

export const roomDescription: Scenario = {
  title: 'name, topic and avatar set by either side',
  async run(stage) {
    const { home, host, guest } = stage;
    const room = await sharedPublicRoom(stage);
    await promote(host, room, guest, MODERATOR);
    for (const [writer, reader] of [[host, guest] as const, [guest, host] as const]) {
      const description = {
        'm.room.name': { name: `Named by ${writer.userId}` },
        'm.room.topic': { topic: `What ${writer.userId} cares for: ö, 魚, 🐟` },
        'm.room.avatar': { url: `mxc://${home.serverName}/avatar`, info: { w: 64, h: 64 } },
      };
      for (const [type, content] of Object.entries(description)) {
        await writer.setState(room, type, content);
        await seesState(reader, room, type, content);
      }
    }
    await agreeOnState(room, host, guest);
  },
};
