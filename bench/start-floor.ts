import { fileURLToPath } from 'node:url';
import { ServerProcess } from '@hansa/testkit';

export type FloorProgram = 'local-send' | 'pair' | 'fan-out' | 'ingest-join';

/** Starts one of the programs in `floors/`; it runs when this resolves, and ends with `running`. */
export async function startFloor(
  running: AsyncDisposableStack,
  program: FloorProgram,
  args: readonly (string | number)[],
): Promise<ServerProcess> {
  const file = fileURLToPath(new URL(`floors/${program}.ts`, import.meta.url));
  const floor = running.use(
    new ServerProcess({
      name: `floor ${program}`,
      file: process.execPath,
      args: [file, ...args.map(String)],
      saysReady: (line) => line === 'ready',
    }),
  );
  await floor.resume();
  return floor;
}
