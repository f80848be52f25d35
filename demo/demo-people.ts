import { deadline, MatrixClient } from '@hansa/testkit';
import type { DemoWorkspace } from './demo-workspaces.ts';

export const DEMO_PASSWORD = 'demo-password';
const WELCOME = 'Welcome to the market square!';

export interface DemoPeople {
  /** At the first workspace. */
  readonly ada: MatrixClient;
  readonly bela: MatrixClient;
  /** At the second one. */
  readonly cleo: MatrixClient;
  readonly dario: MatrixClient;
}

export interface DemoRooms {
  readonly publicAlias: string;
  readonly publicRoom: string;
  readonly privateRoom: string;
}

export async function registerPeople(
  harbour: DemoWorkspace,
  lighthouse: DemoWorkspace,
): Promise<DemoPeople> {
  const register = (workspace: DemoWorkspace, name: string) =>
    MatrixClient.register(workspace.clientUrl, name, DEMO_PASSWORD);
  return {
    ada: await register(harbour, 'ada'),
    bela: await register(harbour, 'bela'),
    cleo: await register(lighthouse, 'cleo'),
    dario: await register(lighthouse, 'dario'),
  };
}

/** A public room that everybody joins by its alias, and a private one of two people, one from each side. */
export async function openRooms(people: DemoPeople, harbour: DemoWorkspace): Promise<DemoRooms> {
  const { ada, bela, cleo, dario } = people;
  const publicRoom = await ada.createRoom({
    preset: 'public_chat',
    visibility: 'public',
    room_alias_name: 'market',
    name: 'Market square',
    topic: 'For everybody of both workspaces',
  });
  const publicAlias = `#market:${harbour.serverName}`;
  for (const person of [bela, cleo, dario]) await person.join(publicAlias);
  const privateRoom = await ada.createRoom({
    preset: 'private_chat',
    name: 'Ada and Cleo',
    invite: [cleo.userId],
  });
  await cleo.until((client) => client.invites.has(privateRoom), deadline('the invite'));
  await cleo.join(privateRoom);
  await ada.sendText(publicRoom, WELCOME);
  await cleo.until(
    (client) => client.room(publicRoom).bodies().includes(WELCOME),
    deadline('the welcome'),
  );
  await cleo.sendText(publicRoom, 'Greetings from the lighthouse.');
  return { publicAlias, publicRoom, privateRoom };
}
