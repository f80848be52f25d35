import { DatabaseSync } from 'node:sqlite';

// Loaded before `hansa` by a test that must see it fail: commits are not flushed, which no setting of ours allows.
const { exec } = DatabaseSync.prototype;
DatabaseSync.prototype.exec = function execWithoutFlushes(sql: string): void {
  exec.call(this, sql.replace('synchronous = FULL', 'synchronous = NORMAL'));
};
