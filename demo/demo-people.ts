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
  readonly privateGroup: string;
  readonly directRoom: string;
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

/** A public room that everybody joins by its alias, a private group of three, and a direct message of two. */
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
  const privateGroup = await cleo.createRoom({
    preset: 'private_chat',
    name: 'Harvest committee',
    invite: [ada.userId, bela.userId],
  });
  for (const person of [ada, bela]) await accept(person, privateGroup);
  const directRoom = await ada.createRoom({
    preset: 'trusted_private_chat',
    is_direct: true,
    invite: [cleo.userId],
  });
  await accept(cleo, directRoom);
  await ada.sendText(publicRoom, WELCOME);
  await cleo.until(
    (client) => client.room(publicRoom).bodies().includes(WELCOME),
    deadline('the welcome'),
  );
  await cleo.sendText(publicRoom, 'Greetings from the lighthouse.');
  return { publicAlias, publicRoom, privateGroup, directRoom };
}

async function accept(person: MatrixClient, room: string): Promise<void> {
  await person.until((client) => client.invites.has(room), deadline('the invite'));
  await person.join(room);
}
