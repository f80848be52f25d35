import { Command } from 'commander';
import { start } from './start.ts';

const EXAMPLE =
  'hansa start --config ../alpha/hansa.yaml (by npm: npm start -- --config ../alpha/hansa.yaml)';

/** `hansa …` */
export async function run(argv: readonly string[]): Promise<void> {
  const program = new Command('hansa').description('Team chat that federates');
  program
    .command('start')
    .description('run the workspace until it is told to stop')
    // Not a required one: it would be missed before a misspelt one is named.
    .option('-c, --config <file>', 'configuration file (YAML)')
    .showHelpAfterError(`Example: ${EXAMPLE}`)
    .action(async ({ config }: { config?: string }, command: Command) => {
      if (config === undefined)
        command.error("error: which configuration file? '--config <file>' is missing");
      await start(config);
    });
  await program.parseAsync(argv);
}
