/**
 * @typedef {object} Command
 * @property {string} name
 * @property {string} says what it does, in half a sentence
 * @property {boolean} [explainsItself] asked for help, it is run
 * @property {readonly string[]} run what the pinned Node is given, before the arguments of the user
 */

/** Prepares what the words before `--` name, then runs the file after it. */
const PREPARE = 'scripts/setup/main.ts';

/** @type {readonly Command[]} */
export const commands = [
  {
    name: 'demo',
    says: 'two workspaces on this machine that talk (--smoke: hold the conversation and check it)',
    run: ['demo/main.ts'],
  },
  {
    name: 'start',
    says: 'one workspace (--config FILE)',
    explainsItself: true,
    run: ['packages/cli/bin/hansa.mjs', 'start'],
  },
  {
    name: 'check',
    says: 'format, lint, types, boundaries, dead code (names of steps: only those)',
    run: ['scripts/check/main.ts'],
  },
  {
    name: 'format',
    says: 'lay out the sources',
    explainsItself: true,
    run: ['node_modules/oxfmt/bin/oxfmt'],
  },
  {
    name: 'test',
    says: 'everything that must hold (names of files: only those, without demo and interop)',
    run: ['scripts/test/main.ts'],
  },
  {
    name: 'test:long',
    says: 'properties, fuzzers and differences up to their goals (--minutes N: as far as those go)',
    run: ['scripts/long/main.ts'],
  },
  {
    name: 'sim',
    says: 'whole servers on virtual time, with faults from a seed (--seeds N --seed S: N of S; --seed S: S alone; --trace)',
    run: ['packages/testkit/src/simulator/main.ts'],
  },
  {
    name: 'interop',
    says: 'our users and those of a real Synapse in the same rooms (words: only what has them all)',
    run: [PREPARE, 'synapse', '--', 'interop/main.ts'],
  },
  {
    name: 'bench',
    says: 'measure (W5: that suite; --json: one document; --gate: exit 1 where a goal is missed; --against synapse)',
    run: [PREPARE, 'synapse', '--', 'bench/main.ts'],
  },
];

/** @param {Command} command @returns {string} */
export function describeCommand({ name, says }) {
  return `npm run ${name}: ${says}. Arguments go behind --\n`;
}

/** @returns {string} */
export function listCommands() {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const rows = commands.map(({ name, says }) => `  npm run ${name.padEnd(width)}  ${says}\n`);
  return `Commands (arguments go behind --):\n${rows.join('')}`;
}
