import { deadline, type MatrixClient } from '@hansa/testkit';
import { sharedPrivateRoom } from './rooms.ts';
import type { Scenario } from './scenario.ts';

export const redaction: Scenario = {
  title: 'a message is taken back on both servers',
  async run(stage) {
    const { host, guest } = stage;
    const room = await sharedPrivateRoom(stage);
    for (const [sender, reader] of [[host, guest] as const, [guest, host] as const]) {
      const eventId = await sender.sendText(room, `regretted by ${sender.userId}`);
      const seen = ({ event_id }: { event_id: string }) => event_id === eventId;
      await reader.until(
        (client) => client.room(room).timeline.some(seen),
        deadline('the message'),
      );
      const path = [room, 'redact', eventId, `redact-${eventId.slice(1, 9)}`].map(
        encodeURIComponent,
      );
      await sender.http.request('PUT', `/_matrix/client/v3/rooms/${path.join('/')}`, {});
      await reader.until(
        (client) =>
          client.room(room).timeline.some(({ content }) => content['redacts'] === eventId),
        deadline('the redaction'),
      );
      await isEmpty(reader, room, eventId);
    }
  },
};

async function isEmpty(reader: MatrixClient, room: string, eventId: string): Promise<void> {
  const path = [room, 'event', eventId].map(encodeURIComponent).join('/');
  const event = await reader.http.request<{ content: object }>(
    'GET',
    `/_matrix/client/v3/rooms/${path}`,
  );
  if (Object.keys(event.content).length > 0) {
    throw new Error(`${reader.userId} can still read it: ${JSON.stringify(event.content)}`);
  }
}
