import { DatabaseSync } from 'node:sqlite';

// Loaded before `hansa` by a test that must see it fail: commits are not flushed, which no setting of ours allows.
const exec = Reflect.get(DatabaseSync.prototype, 'exec') as (sql: string) => void;
DatabaseSync.prototype.exec = function execWithoutFlushes(sql: string): void {
  Reflect.apply(exec, this, [sql.replace('synchronous = FULL', 'synchronous = NORMAL')]);
};
