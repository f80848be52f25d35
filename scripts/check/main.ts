import { availableParallelism } from 'node:os';
import { root } from '../process/root.ts';
import { runCaptured } from '../process/run-captured.ts';
import { steps, type Step } from './steps.ts';

// `npm run check [step …]`: what must hold before a commit. Without names, all of it.
const MAX_CONCURRENT = 4;

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  const known = steps.map((step) => step.name).join(', ');
  console.error(`No such step: ${unknown.join(', ')}. There are: ${known}.`);
  process.exit(1);
}
const started = performance.now();
const waiting = steps.filter((step) => asked.length === 0 || asked.includes(step.name));
const failed: string[] = [];

const lanes = Math.min(MAX_CONCURRENT, Math.max(2, availableParallelism()));
await Promise.all(Array.from({ length: lanes }, runNextSteps));

console.log(
  failed.length === 0
    ? `check passed in ${secondsSince(started)}`
    : `check failed in ${secondsSince(started)}: ${failed.join(', ')}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;

async function runNextSteps(): Promise<void> {
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) await runStep(step);
}

async function runStep({ name, says, args }: Step): Promise<void> {
  const from = performance.now();
  const { code, stdout, stderr } = await runCaptured(process.execPath, args, { cwd: root });
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name}: ${says}, ${secondsSince(from)}`);
  if (code !== 0) {
    failed.push(name);
    console.log(indent(stdout + stderr));
  } else if (name === 'layout') {
    console.log(indent(stdout));
  }
}

function secondsSince(from: number): string {
  return `${((performance.now() - from) / 1000).toFixed(1)} s`;
}

function indent(text: string): string {
  return text.trimEnd().replaceAll(/^/gm, '    ');
}
