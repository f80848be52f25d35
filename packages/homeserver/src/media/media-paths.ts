/** Where files are being received. Nothing refers to them. */
export const INCOMING = 'incoming';
/** Files that media have. */
export const FILES = 'files';
/** Files that can be made again from those. */
export const THUMBNAILS = 'thumbnails';

const HASH_CHARS = 64;

/** Two levels, so that no folder has too many files: `ab/cd`. */
export function folderOf(root: string, hash: string): string {
  return `${root}/${hash.slice(0, 2)}/${hash.slice(2, 4)}`;
}

export function filePath(hash: string): string {
  return `${folderOf(FILES, hash)}/${hash}`;
}

/** @param form which one, in letters and digits */
export function thumbnailPath(hash: string, form: string): string {
  return `${folderOf(THUMBNAILS, hash)}/${hash}.${form}`;
}

/** The hash in the name of a file or thumbnail. */
export function hashOfName(name: string): string {
  return name.slice(0, HASH_CHARS);
}
