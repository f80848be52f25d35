import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseArguments } from './arguments.ts';
import { selectRows } from './suites.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));

function bench(...args: string[]) {
  return spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });
}

describe('the command line', () => {
  it('takes suites, rows and flags in any order', () => {
    expect(parseArguments(['--json', 'protocol', '--gate', '--pairs', '3'])).toEqual({
      names: ['protocol'],
      json: true,
      gate: true,
      pairs: 3,
      against: new Set(),
    });
    expect(selectRows(['protocol']).length).toBeGreaterThan(3);
    expect(selectRows([])).toEqual(selectRows(['W1', 'W2', 'W9']));
    expect(selectRows(['W2/p99', 'W2'])).toEqual(selectRows(['W2']));
    expect(selectRows(['protocol/sign']).map((row) => row.id)).toEqual(['protocol/sign']);
  });

  it('names what there is when it is asked for something else', () => {
    expect(() => selectRows(['protocol/nothing'])).toThrow(/"protocol\/nothing".*protocol\/parse/);
    const { status, stdout, stderr } = bench('nothing');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('There is no suite or row "nothing".');
    expect(bench('--nothing').status).toBe(2);
    expect(bench('--pairs', '0').status).toBe(2);
    expect(bench('--against', 'nobody').status).toBe(2);
  });

  it('prints one JSON document and nothing else on either stream', () => {
    const { status, stdout, stderr } = bench('protocol/authorise', '--json', '--gate');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      version: 2,
      environment: { node: process.version },
      rows: [{ id: 'protocol/authorise', goal: null, met: null }],
    });
  });

  it('prints a table for people', () => {
    const { status, stdout, stderr } = bench('protocol/authorise');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^protocol\/authorise +[\d.]+ µs \/ event/m);
    expect(stderr).toContain('measuring protocol/authorise');
  });
});
