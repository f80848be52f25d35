/** Where in a JSON value something stands: member names and array indexes from the top. */
export type JsonPath = readonly (string | number)[];

const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const LONGEST_NAME = 64;
const LONGEST_PATH = 16;

/**
 * `pdus[3].content["m.mentions"]`, for messages. Names come from peers: they are quoted where they are not
 * plain, shortened past 64 characters, and of a path longer than 16 steps only the last 16 are shown.
 */
export function formatPath(path: JsonPath): string {
  if (path.length === 0) return 'top level';
  const shown = path.slice(-LONGEST_PATH).map(formatStep).join('');
  if (path.length > LONGEST_PATH) return `…${shown}`;
  return shown.startsWith('.') ? shown.slice(1) : shown;
}

function formatStep(step: string | number): string {
  if (typeof step === 'number') return `[${step}]`;
  const name = step.length > LONGEST_NAME ? `${step.slice(0, LONGEST_NAME)}…` : step;
  return PLAIN_NAME.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}
