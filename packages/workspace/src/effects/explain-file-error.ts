/** In words, by the code that the operating system gives. */
const EXPLANATIONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not read or write it',
  EPERM: 'this user may not read or write it',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
  EEXIST: 'there is a file where a folder is needed',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
};

/** What is wrong with a file, with its path: `file`, or where that is not given what the error knows. */
export function explainFileError(error: unknown, file?: string): string {
  if (!(error instanceof Error)) return String(error);
  const { code = '', path } = error as NodeJS.ErrnoException;
  const explanation = EXPLANATIONS[code];
  // What the system says in its own words names its path there.
  const named = file ?? (explanation === undefined ? undefined : path);
  const what = explanation ?? error.message;
  return named === undefined ? what : `${named}: ${what}`;
}
