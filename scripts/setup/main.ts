import { runHere } from '../process/run-here.ts';
import { prepare } from './prepare.ts';

// `node scripts/setup/main.ts NEED … -- FILE ARGUMENT …`: provides the needs, then runs the file on this Node.
// It speaks on stderr, and with `--json` among the arguments not at all, for then both streams are the file's.
const end = process.argv.indexOf('--');
const needs = process.argv.slice(2, end);
const command = process.argv.slice(end + 1);

const { env } = await prepare(needs, (line) => {
  if (!command.includes('--json')) process.stderr.write(`${line}\n`);
});
process.exitCode = await runHere(command, env);
