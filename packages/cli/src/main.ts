import { enableCompileCache } from 'node:module';

// Before anything else is loaded: from the second start on, the sources are not compiled again.
enableCompileCache();
const { run } = await import('./run.ts');
await run(process.argv);
