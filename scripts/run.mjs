#!/usr/bin/env node
// The door to every command of this repository. Any Node from 20 on can run it: it installs what is missing
// and runs the command itself on the Node that the lockfile pins.
import { commands, describeCommand, listCommands } from './run/commands.mjs';
import { installIfStale } from './run/install.mjs';
import { runPinned } from './run/pinned-node.mjs';

const [name, ...args] = process.argv.slice(2);
const command = commands.find((each) => each.name === name);

if (command === undefined) {
  if (name !== undefined) process.stderr.write(`There is no command "${name}".\n`);
  process.stdout.write(listCommands());
  process.exit(name === undefined ? 0 : 1);
}
if (!command.explainsItself && args.some((arg) => arg === '--help' || arg === '-h')) {
  process.stdout.write(describeCommand(command));
  process.exit(0);
}
await installIfStale({ quiet: args.includes('--json') });
runPinned([...command.run, ...args]);
