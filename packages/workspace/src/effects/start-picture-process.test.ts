import { readdir, readFile } from 'node:fs/promises';
import { WorkerThumbnailer, type PictureProcess } from '@hansa/homeserver';
import { systemEffects } from '@hansa/net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { flatPng } from '../testing/flat-png.ts';
import { startPictureProcess } from './start-picture-process.ts';

const MEBIBYTE = 1024 * 1024;
const still = { size: { width: 32, height: 24 }, animated: false };
const SMALL = flatPng(64, 48);

let started: PictureProcess[];
let thumbnailer: WorkerThumbnailer;
beforeEach(() => {
  started = [];
  thumbnailer = new WorkerThumbnailer({
    timers: systemEffects().timers,
    startProcess: () => {
      const process = startPictureProcess();
      started.push(process);
      return process;
    },
  });
});
afterEach(() => thumbnailer.stop());

describe('[SEC-41] the process that reads pictures', () => {
  it('measures and draws one after another, and says of what is none that it is none', async () => {
    expect(await thumbnailer.measure(SMALL)).toEqual({ width: 64, height: 48, frames: 1 });
    const drawn = await thumbnailer.render(SMALL, still);
    expect(await thumbnailer.measure(drawn)).toEqual({ width: 32, height: 24, frames: 1 });
    for (const text of ['no picture', '<svg xmlns="http://www.w3.org/2000/svg"/>', '%!PS', '']) {
      await expect(thumbnailer.measure(Buffer.from(text))).rejects.toMatchObject({
        name: 'BadPictureError',
      });
    }
    expect(started).toHaveLength(1);
  });

  it('is ended where a picture takes more than 256 MB, and another reads the next', async () => {
    const costly = flatPng(7000, 7000, true);
    expect(costly.length).toBeLessThan(MEBIBYTE);
    await expect(thumbnailer.render(costly, still)).rejects.toThrow('bytes of memory');
    expect(await thumbnailer.measure(SMALL)).toMatchObject({ width: 64 });
    expect(started).toHaveLength(2);
    expect(await started[0]?.residentBytes()).toBeUndefined();
  });

  it('is one whose end fails one picture, and no more', async () => {
    const reading = thumbnailer.measure(SMALL).catch((error: unknown) => error);
    started[0]?.kill();
    expect(String(await reading)).toContain('SIGKILL');
    expect(await thumbnailer.measure(SMALL)).toMatchObject({ width: 64 });
  });

  it('tells what it has in memory, as long as it is there', async () => {
    await thumbnailer.measure(SMALL);
    const bytes = (await started[0]?.residentBytes()) ?? 0;
    expect(bytes).toBeGreaterThan(16 * MEBIBYTE);
    expect(bytes).toBeLessThan(256 * MEBIBYTE);
  });

  it.runIf(process.platform === 'linux')('knows nothing of our environment', async () => {
    await thumbnailer.measure(SMALL);
    const children = await listChildren();
    const own = children.filter(({ command }) => command.includes('picture-main.ts'));
    expect(own.map(({ environment }) => environment)).toEqual(['']);
  });
});

async function listChildren() {
  const tasks = `/proc/${process.pid}/task`;
  const lists = (await readdir(tasks)).map((task) => readFile(`${tasks}/${task}/children`, 'utf8'));
  const pids = (await Promise.all(lists)).flatMap((list) => list.split(' ')).filter(Boolean);
  return await Promise.all(
    pids.map(async (pid) => ({
      command: await readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => ''),
      environment: await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => ''),
    })),
  );
}
