import { requireSame } from '@hansa/testkit';
import { sharedPrivateRoom } from './rooms.ts';
import type { Scenario } from './scenario.ts';
import { hears } from './sees.ts';

/** What canonical JSON has to get right for hashes and signatures to hold. Text, as an object cannot have all of it. */
const ODD = String.raw`{
  "body": "\" \\ / \b\f\n\r\t \u001f \u007f \u2028 \u2029 é é 魚 🐟 \ud83d\udc1f",
  "numbers": [0, -1, 1, 9007199254740991, -9007199254740991],
  "nothing": [null, {}, [], "", false, true, [[[[[]]]]]],
  "__proto__": { "constructor": "toString" },
  "": "a key of no letters",
  "z": 1, "a": 2, "é": 3, "\uffff": 4, "\ud83d\ude00": 5, "10": 6, "9": 7
}`;

export const oddContent: Scenario = {
  title: 'content with every kind of character, number and key, both ways',
  async run(stage) {
    const { host, guest } = stage;
    const room = await sharedPrivateRoom(stage);
    const content = JSON.parse(ODD) as object;
    for (const [writer, reader] of [[host, guest] as const, [guest, host] as const]) {
      const heard = await hears(reader, room, await writer.send(room, 'org.example.odd', content));
      requireSame('the content', heard.content, content);
    }
  },
};
