import { Command } from 'commander';
import { start } from './start.ts';

/** `hansa …` */
export async function run(argv: readonly string[]): Promise<void> {
  const program = new Command('hansa').description('Team chat that federates');
  program
    .command('start')
    .description('run the workspace until it is told to stop')
    .requiredOption('-c, --config <file>', 'configuration file (YAML)')
    .action(async ({ config }: { config: string }) => start(config));
  await program.parseAsync(argv);
}
