import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deadline } from '@hansa/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRooms, registerPeople, type DemoPeople, type DemoRooms } from './demo-people.ts';
import { startDemoWorkspaces } from './demo-workspaces.ts';
import { guide } from './guide.ts';

const run = promisify(execFile);
const hasCurl = await run('curl', ['--version']).then(
  () => true,
  () => {
    process.stderr.write('SKIPPED: the lines of the demo are not tried: there is no curl\n');
    return false;
  },
);

const running = new AsyncDisposableStack();
let people: DemoPeople;
let rooms: DemoRooms;
let text: string;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hansa-demo-test-'));
  running.defer(() => rm(folder, { recursive: true, force: true }));
  const [harbour, lighthouse] = await startDemoWorkspaces(folder, running, () => {});
  people = await registerPeople(harbour, lighthouse);
  rooms = await openRooms(people, harbour);
  text = guide({ harbour, lighthouse, people, rooms });
});
afterAll(() => running.disposeAsync());

/** Lines of the guide, as somebody copies them into a shell. */
async function shell(line: string | undefined): Promise<Record<string, unknown>> {
  const { stdout } = await run('sh', ['-c', line ?? 'false']);
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe('the guide', () => {
  it('names the people, the addresses and the rooms', () => {
    for (const { userId } of Object.values(people)) expect(text).toContain(userId);
    expect(text).toContain(rooms.publicAlias);
    expect(text).toContain('"demo-password"');
  });

  it.skipIf(!hasCurl)(
    'has lines for a shell that log in, speak, and hear it on the other side',
    async () => {
      const lines = text.split('\n').filter((line) => line.trimStart().startsWith('curl '));
      expect(lines).toHaveLength(3);
      const [logIn, say, read] = lines;
      expect(await shell(logIn)).toMatchObject({
        user_id: '@ada:harbour.example',
        access_token: expect.any(String),
      });
      const { event_id: eventId } = await shell(say);
      expect(eventId).toMatch(/^\$/);
      await people.cleo.until(
        (cleo) => cleo.room(rooms.publicRoom).timeline.some((event) => event.event_id === eventId),
        deadline('what was said by curl'),
      );
      expect(await shell(read)).toMatchObject({
        chunk: [
          { event_id: eventId, content: { body: 'Hello, lighthouse!' } },
          { content: { body: 'Greetings from the lighthouse.' } },
          { content: { body: 'Welcome to the market square!' } },
        ],
      });
    },
  );
});
