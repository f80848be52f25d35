import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openRooms, registerPeople } from './demo-people.ts';
import { startDemoWorkspaces } from './demo-workspaces.ts';
import { guide } from './guide.ts';
import { smoke } from './smoke.ts';

const { values } = parseArgs({ options: { smoke: { type: 'boolean', default: false } } });
const print = (line: string) => console.log(line);

const folder = await mkdtemp(join(tmpdir(), 'hansa-demo-'));
const [harbour, lighthouse] = await startDemoWorkspaces(folder);
try {
  if (values.smoke) {
    const hasPassed = await smoke(harbour, lighthouse, print);
    process.exitCode = hasPassed ? 0 : 1;
  } else {
    const people = await registerPeople(harbour, lighthouse);
    const rooms = await openRooms(people, harbour);
    print(guide({ harbour, lighthouse, people, rooms }));
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  }
} finally {
  await Promise.all([harbour.process.stop(), lighthouse.process.stop()]);
  await rm(folder, { recursive: true, force: true });
}
