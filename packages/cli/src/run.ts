import { Command } from 'commander';
import { generateConfig } from '@hansa/workspace';
import { addUser } from './add-user.ts';
import { orExplain } from './or-explain.ts';
import { start } from './start.ts';

const EXAMPLE =
  'hansa start --config ../alpha/hansa.yaml (by npm: npm start -- --config ../alpha/hansa.yaml)';

const CONFIG_OPTION = ['-c, --config <file>', 'configuration file (YAML)'] as const;
const NO_CONFIG = "error: which configuration file? '--config <file>' is missing";

interface UserOptions {
  readonly config?: string;
  readonly admin: boolean;
}

/** `hansa …` */
export async function run(argv: readonly string[]): Promise<void> {
  const program = new Command('hansa').description('Team chat that federates');
  program
    .command('start')
    .description('run the workspace until it is told to stop')
    // Not a required one: it would be missed before a misspelt one is named.
    .option(...CONFIG_OPTION)
    .showHelpAfterError(`Example: ${EXAMPLE}`)
    .action(async ({ config }: { config?: string }, command: Command) => {
      if (config === undefined) command.error(NO_CONFIG);
      await start(config);
    });
  program
    .command('user')
    .description('accounts of the workspace')
    .command('add')
    .description(
      'make an account, whether the workspace runs or not; the password is asked for, or piped in',
    )
    .argument('<name>', 'what stands before the domain in the address')
    .option(...CONFIG_OPTION)
    .option('--admin', 'an account that may administer the workspace', false)
    .showHelpAfterError('Example: hansa user add ada --admin --config ../alpha/hansa.yaml')
    .action(async (name: string, options: UserOptions, command: Command) => {
      if (options.config === undefined) command.error(NO_CONFIG);
      await addUser(options.config, name, options);
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
