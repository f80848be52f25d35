import { VirtualEffects } from '@hansa/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  BadPictureError,
  CostlyPictureError,
  LethalPictureError,
  type Thumbnailer,
} from '../thumbnailer.ts';
import { VirtualPictureProcess } from './testing/virtual-process.ts';
import { WorkerThumbnailer } from './worker-thumbnailer.ts';

const MEBIBYTE = 1024 * 1024;
const still = { size: { width: 3, height: 2 }, animated: false };
const file = (text: string) => Buffer.from(text);

let effects: VirtualEffects;
let started: VirtualPictureProcess[];
let inside: Thumbnailer;
let isBroken: boolean;
let thumbnailer: WorkerThumbnailer;
beforeEach(() => {
  effects = new VirtualEffects();
  started = [];
  isBroken = false;
  inside = {
    measure: async (bytes) => ({ width: bytes.length, height: 2, frames: 1 }),
    render: async (bytes, { size, animated }) =>
      file(`${Buffer.from(bytes).toString()} ${size.width}x${size.height} ${animated}`),
  };
  thumbnailer = new WorkerThumbnailer({
    timers: effects.timers,
    startProcess: () => {
      const process = new VirtualPictureProcess(inside, { isBroken });
      started.push(process);
      return process;
    },
  });
});

const never = () => Promise.withResolvers<never>().promise;
/** Until what is under way has come as far as it can without time passing. */
const settle = () => effects.advance(0);

describe('[SEC-41] what reads pictures', () => {
  it('is told the picture and its form, and its answer is told, by one process after another job', async () => {
    expect(await thumbnailer.measure(file('four'))).toEqual({ width: 4, height: 2, frames: 1 });
    expect(String(await thumbnailer.render(file('a'), still))).toBe('a 3x2 false');
    const moving = { size: { width: 70_000, height: 1 }, animated: true };
    expect(String(await thumbnailer.render(file(''), moving))).toBe(' 70000x1 true');
    expect(started).toHaveLength(1);
  });

  it('is not started before there is a picture, and is ended when there was none for a minute', async () => {
    expect(started).toHaveLength(0);
    await thumbnailer.measure(file('x'));
    await effects.advance(59_000);
    await thumbnailer.measure(file('x'));
    await effects.advance(59_000);
    expect(started.map(({ hasEnded }) => hasEnded)).toEqual([false]);
    await effects.advance(1_001);
    expect(started.map(({ hasEnded }) => hasEnded)).toEqual([true]);
    await thumbnailer.measure(file('x'));
    expect(started).toHaveLength(2);
  });

  it('does not wait for another picture', async () => {
    const first = thumbnailer.measure(file('one'));
    await Promise.all([first, thumbnailer.measure(file('two'))]);
    expect(started).toHaveLength(2);
    await thumbnailer.measure(file('three'));
    expect(started).toHaveLength(2);
  });

  it.each([
    ['no picture', new BadPictureError('why'), BadPictureError],
    ['too large', new CostlyPictureError('why'), CostlyPictureError],
  ])('says that it is %s, and lives on', async (_what, error, kind) => {
    inside.measure = () => Promise.reject(error);
    const thrown = await thumbnailer.measure(file('x')).catch((each: unknown) => each);
    expect([thrown instanceof kind, thrown instanceof LethalPictureError]).toEqual([true, false]);
    expect(String(await thumbnailer.render(file('a'), still))).toBe('a 3x2 false');
    expect(started).toHaveLength(1);
  });

  it('gives no more than a picture may have', async () => {
    inside.render = async () => Buffer.alloc(32 * MEBIBYTE + 1);
    const rendered = thumbnailer.render(file('x'), still);
    await expect(rendered).rejects.toThrow(CostlyPictureError);
    expect(started).toHaveLength(1);
  });
});

describe('[SEC-41] a picture that', () => {
  const next = async () => String(await thumbnailer.render(file('next'), still));

  it('takes more than 256 MB ends what reads it, and nothing else', async () => {
    inside.measure = never;
    const bad = thumbnailer.measure(file('x')).catch((error: unknown) => error);
    await settle();
    expect(await next()).toBe('next 3x2 false');
    for (const process of started) process.memoryBytes = 256 * MEBIBYTE;
    await effects.advance(100);
    expect(started.map(({ hasEnded }) => hasEnded)).toEqual([false, false]);
    for (const process of started) process.memoryBytes += 1;
    await effects.advance(100);
    expect(await bad).toBeInstanceOf(LethalPictureError);
    expect(started.map(({ hasEnded }) => hasEnded)).toEqual([true, false]);
  });

  it('takes longer than 20 seconds, likewise', async () => {
    inside.measure = never;
    const bad = thumbnailer.measure(file('x')).catch((error: unknown) => error);
    await settle();
    await effects.advance(19_900);
    expect(started.map(({ hasEnded }) => hasEnded)).toEqual([false]);
    await effects.advance(200);
    expect(await bad).toBeInstanceOf(LethalPictureError);
    expect(await next()).toBe('next 3x2 false');
  });

  it('ends what reads it by itself, likewise', async () => {
    inside.measure = () => Promise.reject(new RangeError('a bug of the decoder'));
    await expect(thumbnailer.measure(file('x'))).rejects.toThrow(LethalPictureError);
    expect(await next()).toBe('next 3x2 false');
    expect(started).toHaveLength(2);
  });

  it('left much in memory is the last that its process reads', async () => {
    await next();
    const [first] = started;
    if (first !== undefined) first.memoryBytes = 161 * MEBIBYTE;
    await next();
    expect(first?.hasEnded).toBe(true);
    expect(await next()).toBe('next 3x2 false');
    expect(started).toHaveLength(2);
  });

  it('comes after its process was ended while idle is not to blame for that', async () => {
    await next();
    started[0]?.kill();
    await settle();
    expect(await next()).toBe('next 3x2 false');
  });

  it('cannot be read, as no process starts, is not to blame either', async () => {
    isBroken = true;
    const error = await thumbnailer.measure(file('x')).catch((thrown: unknown) => thrown);
    expect([String(error), error instanceof CostlyPictureError]).toEqual([
      'Error: the process that reads pictures did not start: SIGKILL',
      false,
    ]);
    isBroken = false;
    expect(await next()).toBe('next 3x2 false');
  });

  it('is being read when all is stopped is told so, and no further one is begun', async () => {
    await next();
    inside.measure = never;
    const reading = thumbnailer.measure(file('x')).catch((error: unknown) => error);
    await settle();
    thumbnailer.stop();
    expect(await reading).toMatchObject({ status: 503 });
    await expect(next()).rejects.toMatchObject({ status: 503 });
    expect(started.map(({ hasEnded }) => hasEnded)).toEqual([true]);
  });
});
