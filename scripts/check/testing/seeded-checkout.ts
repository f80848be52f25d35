import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '../../process/root.ts';
import { runCaptured } from '../../process/run-captured.ts';

/** What the tools read besides the sources: the real files of this repository. */
const CONFIGURATION = [
  '.dependency-cruiser.js',
  '.oxfmtrc.jsonc',
  '.oxlintrc.jsonc',
  'scripts/lint',
  'tsconfig.json',
];
const LINKED = ['.bin', '@types', 'fastify', 'kysely', 'pg', 'undici', 'undici-types', 'vitest'];

/** A tiny checkout in a temporary folder, under the real configuration. Disposing of it removes it. */
export class SeededCheckout implements Disposable {
  readonly root: string;

  private constructor(folder: string) {
    this.root = folder;
  }

  /**
   * Lays out the files, by path. Each folder below `packages/` becomes a package that exports `src/index.ts`,
   * which others find by its name.
   */
  static async create(files: Readonly<Record<string, string>>): Promise<SeededCheckout> {
    const checkout = new SeededCheckout(mkdtempSync(join(tmpdir(), 'hansa-seeded-')));
    for (const path of CONFIGURATION) {
      cpSync(join(root, path), join(checkout.root, path), { recursive: true });
    }
    checkout.write('package.json', '{ "type": "module", "workspaces": ["packages/*"] }');
    checkout.write('.gitignore', 'node_modules/\n');
    for (const name of LINKED) {
      checkout.link(join(root, 'node_modules', name), `node_modules/${name}`);
    }
    const packages = new Set(
      Object.keys(files).flatMap((path) => /^packages\/([^/]+)\//.exec(path)?.[1] ?? []),
    );
    for (const name of packages) {
      checkout.write(`packages/${name}/package.json`, packageJson(name));
      checkout.write(`packages/${name}/src/index.ts`, 'export {};\n');
      checkout.link(join(checkout.root, 'packages', name), `node_modules/@hansa/${name}`);
    }
    for (const [path, text] of Object.entries(files)) checkout.write(path, text);
    await runCaptured('git', ['init', '--quiet'], { cwd: checkout.root });
    return checkout;
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  private link(target: string, path: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    symlinkSync(target, join(this.root, path));
  }
}

function packageJson(name: string): string {
  return JSON.stringify({
    name: `@hansa/${name}`,
    private: true,
    type: 'module',
    exports: { '.': './src/index.ts', './wire': './src/wire/index.ts' },
  });
}
