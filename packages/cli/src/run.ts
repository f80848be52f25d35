import { Command } from 'commander';
import { generateConfig } from '@hansa/workspace';
import { orExplain } from './or-explain.ts';
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
  program
    .command('generate-config')
    .description('print a configuration file with every setting and what it means')
    .argument('[domain]', "the domain in everybody's address")
    .action(async (domain?: string) => {
      await orExplain(async () => {
        process.stdout.write(generateConfig(domain));
      });
    });
  await program.parseAsync(argv);
}
