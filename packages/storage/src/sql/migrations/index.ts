import type { Migration } from 'kysely/migration';
import * as firstSchema from './0001-first-schema.ts';
import * as commitMarks from './0002-commit-marks.ts';
import * as ages from './0003-ages.ts';
import * as receipts from './0004-receipts.ts';
import * as targets from './0005-targets.ts';
import * as keyDocuments from './0006-key-documents.ts';
import * as forgottenRooms from './0007-forgotten-rooms.ts';
import * as extraEvents from './0008-extra-events.ts';
import * as media from './0009-media.ts';
import * as notarisedKeys from './0010-notarised-keys.ts';
import * as mediaBlocks from './0011-media-blocks.ts';

/** In order of their names. A released one is never changed, only followed by another. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-first-schema': firstSchema,
  '0002-commit-marks': commitMarks,
  '0003-ages': ages,
  '0004-receipts': receipts,
  '0005-targets': targets,
  '0006-key-documents': keyDocuments,
  '0007-forgotten-rooms': forgottenRooms,
  '0008-extra-events': extraEvents,
  '0009-media': media,
  '0010-notarised-keys': notarisedKeys,
  '0011-media-blocks': mediaBlocks,
};
