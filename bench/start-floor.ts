import { fileURLToPath } from 'node:url';
import { ServerProcess } from '@hansa/testkit';

export type FloorProgram = 'local-send' | 'pair' | 'fan-out' | 'ingest-join';

/** One of the programs in `floors/`. Nothing runs before `resume`; it ends with `running`. */
export function floorProcess(
  running: AsyncDisposableStack,
  program: FloorProgram,
  args: readonly (string | number)[],
): ServerProcess {
  const file = fileURLToPath(new URL(`floors/${program}.ts`, import.meta.url));
  return running.use(
    new ServerProcess({
      name: `floor ${program}`,
      file: process.execPath,
      args: [file, ...args.map(String)],
      saysReady: (line) => line === 'ready',
    }),
  );
}

/** It runs when this resolves. */
export async function startFloor(
  running: AsyncDisposableStack,
  program: FloorProgram,
  args: readonly (string | number)[],
): Promise<ServerProcess> {
  const floor = floorProcess(running, program, args);
  await floor.resume();
  return floor;
}
