import { requireSame } from '@hansa/testkit';
import { sharedPrivateRoom } from './rooms.ts';
import type { Scenario } from './scenario.ts';
import { hears } from './sees.ts';

export const editAndReaction: Scenario = {
  title: 'an edit and a reaction both ways',
  async run(stage) {
    const { host, guest } = stage;
    const room = await sharedPrivateRoom(stage);
    for (const [writer, reader] of [[host, guest] as const, [guest, host] as const]) {
      const original = await writer.sendText(room, 'teh market');
      await hears(reader, room, original);
      const edit = {
        msgtype: 'm.text',
        body: '* the market',
        'm.new_content': { msgtype: 'm.text', body: 'the market' },
        'm.relates_to': { rel_type: 'm.replace', event_id: original },
      };
      const edited = await hears(reader, room, await writer.send(room, 'm.room.message', edit));
      requireSame('the edit', edited.content, edit);
      const reaction = {
        'm.relates_to': { rel_type: 'm.annotation', event_id: original, key: '👍🏽' },
      };
      const reacted = await hears(writer, room, await reader.send(room, 'm.reaction', reaction));
      requireSame('the reaction', reacted.content, reaction);
    }
  },
};
