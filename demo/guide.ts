import { DEMO_PASSWORD, type DemoPeople, type DemoRooms } from './demo-people.ts';
import type { DemoWorkspace } from './demo-workspaces.ts';

interface Demo {
  readonly harbour: DemoWorkspace;
  readonly lighthouse: DemoWorkspace;
  readonly people: DemoPeople;
  readonly rooms: DemoRooms;
}

/** What somebody needs who wants to look around; every `curl` line works as it is printed. */
export function guide({ harbour, lighthouse, people, rooms }: Demo): string {
  const { ada, bela, cleo, dario } = people;
  const room = encodeURIComponent(rooms.publicRoom);
  return `
Two workspaces are running and talk with each other:

  ${harbour.serverName.padEnd(20)} ${harbour.clientUrl}   people: ${ada.userId}, ${bela.userId}
  ${lighthouse.serverName.padEnd(20)} ${lighthouse.clientUrl}   people: ${cleo.userId}, ${dario.userId}

Everybody's password is "${DEMO_PASSWORD}". Log in with any Matrix client that takes a homeserver address, such as
Element: choose "Edit" at the homeserver and enter one of the addresses above. They are for clients: a browser shows
nothing there.

  public room     ${rooms.publicAlias} (all four are in it)
  private group   "Harvest committee": ${cleo.userId}, ${ada.userId}, ${bela.userId}
  direct message  ${ada.userId} and ${cleo.userId}

Or by hand. Log in:

  curl -s -X POST ${harbour.clientUrl}/_matrix/client/v3/login -d '{"type":"m.login.password","identifier":{"type":"m.id.user","user":"ada"},"password":"${DEMO_PASSWORD}"}'

Say something as ada at ${harbour.serverName}:

  curl -s -X PUT '${harbour.clientUrl}/_matrix/client/v3/rooms/${room}/send/m.room.message/hello-1' -H 'Authorization: Bearer ${ada.accessToken}' -d '{"msgtype":"m.text","body":"Hello, lighthouse!"}'

(The next message needs another word than "hello-1": the same word again is taken for the same message.)

Read it as cleo at ${lighthouse.serverName}:

  curl -s '${lighthouse.clientUrl}/_matrix/client/v3/rooms/${room}/messages?dir=b&limit=3' -H 'Authorization: Bearer ${cleo.accessToken}'

Ctrl+C ends both; nothing is kept.
`;
}
