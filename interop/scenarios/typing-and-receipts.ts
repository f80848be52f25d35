import { sharedPrivateRoom } from './rooms.ts';
import type { Scenario } from './scenario.ts';
import { hears } from './sees.ts';
import { isTold, setTyping, typers, type Ephemeral } from './ephemeral.ts';

const API = '/_matrix/client/v3/rooms';

export const typingAndReceipts: Scenario = {
  title: 'typing notices and read receipts both ways',
  async run(stage) {
    const { host, guest } = stage;
    const room = await sharedPrivateRoom(stage);
    for (const [one, other] of [[host, guest] as const, [guest, host] as const]) {
      await setTyping(one, room, true);
      await isTold(other, room, {
        what: `that ${one.userId} types`,
        look: typers,
        expected: [one.userId],
      });
      await setTyping(one, room, false);
      await isTold(other, room, { what: 'that nobody types', look: typers, expected: [] });
      const eventId = await one.sendText(room, `read me, says ${one.userId}`);
      await hears(other, room, eventId);
      const path = [room, 'receipt', 'm.read', eventId].map(encodeURIComponent).join('/');
      await other.http.request('POST', `${API}/${path}`, {});
      const hasRead = (events: Ephemeral) =>
        events.some(({ type, content }) => {
          const receipts = content[eventId] as Receipts | undefined;
          return type === 'm.receipt' && receipts?.['m.read']?.[other.userId] !== undefined;
        });
      await isTold(one, room, {
        what: `that ${other.userId} has read it`,
        look: hasRead,
        expected: true,
      });
    }
  },
};

type Receipts = { readonly 'm.read'?: Readonly<Record<string, unknown>> };
