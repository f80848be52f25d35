import { deadline } from '@hansa/testkit';
import { Checked } from './checked.ts';
import { openRooms, registerPeople } from './demo-people.ts';
import type { DemoWorkspace } from './demo-workspaces.ts';
import { comeBack } from './smoke/come-back.ts';
import { converse } from './smoke/converse.ts';
import { editReactAndRedact } from './smoke/edit-react-and-redact.ts';
import { holdTheSame } from './smoke/hold-the-same.ts';
import { kick } from './smoke/kick.ts';
import { leave } from './smoke/leave.ts';
import { sendAFile } from './smoke/send-a-file.ts';

const MESSAGES_EACH_WAY = 200;
const MESSAGES_WHILE_STOPPED = 50;
const MESSAGES_WHILE_DEAD = 100;

/** The conversation that the demo is for, checked step by step. Answers whether all of it worked. */
export async function smoke(
  harbour: DemoWorkspace,
  lighthouse: DemoWorkspace,
  print: (line: string) => void,
): Promise<boolean> {
  const checked = new Checked(print);
  const people = await checked.check('two people register at each workspace', () =>
    registerPeople(harbour, lighthouse),
  );
  if (people === undefined) return checked.finish();
  const { ada, bela, cleo, dario } = people;

  const rooms = await checked.check('a public room, a private group and a direct message', () =>
    openRooms(people, harbour),
  );
  if (rooms === undefined) return checked.finish();
  const { publicRoom, privateGroup, directRoom } = rooms;

  await checked.check('everybody sees who is in which room', async () => {
    for (const [room, members] of [
      [publicRoom, [ada, bela, cleo, dario]],
      [privateGroup, [cleo, ada, bela]],
      [directRoom, [ada, cleo]],
    ] as const) {
      for (const person of members) {
        await person.until(
          (client) =>
            members.every(({ userId }) => client.room(room).membership(userId) === 'join'),
          deadline(`all ${members.length} members`),
        );
      }
    }
  });

  for (const [from, to] of [[ada, cleo] as const, [cleo, ada] as const]) {
    const what = `${MESSAGES_EACH_WAY} messages from ${from.userId} to ${to.userId}`;
    const sent = { count: MESSAGES_EACH_WAY, from, to, room: directRoom };
    await checked.check(what, (latencies) => converse(sent, latencies));
  }
  await checked.check('a file, byte for byte', (latencies) =>
    sendAFile({ room: privateGroup, from: cleo, to: bela }, latencies),
  );
  await editReactAndRedact(checked, { room: privateGroup, author: bela, reader: cleo });
  const missed = { from: ada, to: cleo, room: directRoom };
  await checked.check(
    `${MESSAGES_WHILE_STOPPED} messages while ${lighthouse.serverName} is stopped`,
    () => comeBack(lighthouse, 'stop', { ...missed, count: MESSAGES_WHILE_STOPPED }),
  );
  await checked.check(
    `${MESSAGES_WHILE_DEAD} messages while ${lighthouse.serverName} is killed with -9`,
    () => comeBack(lighthouse, 'kill', { ...missed, count: MESSAGES_WHILE_DEAD }),
  );
  await checked.check('both servers hold the same state and the same history', async () => {
    for (const room of [publicRoom, privateGroup, directRoom]) await holdTheSame(room, ada, cleo);
  });
  await checked.check('who is kicked sees it, and gets nothing more', (latencies) =>
    kick({ room: publicRoom, moderator: ada, kicked: dario, witness: cleo }, latencies),
  );
  await checked.check('who leaves is seen to leave, and gets nothing more', (latencies) =>
    leave({ room: privateGroup, leaver: cleo, remaining: ada, elsewhere: publicRoom }, latencies),
  );
  return checked.finish();
}
