import { StartError } from '@hansa/workspace';

/** Does the work of a command; a mistake of whoever called it is told in a sentence, and the command fails. */
export async function orExplain(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
