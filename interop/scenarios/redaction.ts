import type { MatrixClient } from '@hansa/testkit';
import { sharedPrivateRoom } from './rooms.ts';
import type { Scenario } from './scenario.ts';
import { answers, hears } from './sees.ts';

export const redaction: Scenario = {
  title: 'a message is taken back on both servers, by its author and by who has the power',
  async run(stage) {
    const { host, guest } = stage;
    const room = await sharedPrivateRoom(stage);
    for (const [author, redactor] of [
      [host, host],
      [guest, guest],
      [guest, host],
    ] as const) {
      const eventId = await author.sendText(room, `regretted by ${redactor.userId}`);
      for (const reader of [host, guest]) await hears(reader, room, eventId);
      const redactionId = await redactor.redact(room, eventId, 'not so');
      for (const reader of [host, guest]) {
        await hears(reader, room, redactionId);
        await answers(reader, 'what is left', () => contentOf(reader, room, eventId), {});
      }
    }
  },
};

async function contentOf(reader: MatrixClient, room: string, eventId: string): Promise<unknown> {
  const path = [room, 'event', eventId].map(encodeURIComponent).join('/');
  return (await reader.http.request('GET', `/_matrix/client/v3/rooms/${path}`))['content'];
}
