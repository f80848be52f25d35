import type { ClientConfig } from 'pg';
import type { WatchHealth } from '../sql/health.ts';
import type { ReportFault } from '../sql/report-fault.ts';

export interface PostgresOptions {
  /** Such as `postgres://user:secret@host/database`, or `postgres:///database?host=/run/postgresql`. */
  readonly url: string;
  readonly ssl?: ClientConfig['ssl'];
  /** Connections that are read from; one more commits. */
  readonly maxReaders?: number;
  readonly health?: WatchHealth;
  /** Told of the schema that holds a copy of what there was, made before a newer version changed it. */
  readonly copied?: (schema: string) => void;
  /** Told of rows that cannot be read; by default a warning of the process. */
  readonly report?: ReportFault;
}
