import pg from 'pg';
import { releaseBrokenConnections } from './broken.js';
import { autoPrepare } from './prepared.js';
import { type RunStatement, rowReader } from './rows.js';

/** A connection of its own, for short statements that must not wait behind those of requests. */
export interface Line {
  readonly runStatement: RunStatement;
  close(): Promise<void>;
}

/** How long one statement may take, and connecting. */
const timeoutMs = 2_000;

/** A line to a database, which is connected when it is first used. */
export function openLine({ url, preparesStatements }: { url: string; preparesStatements: boolean }): Line {
  const pool = new pg.Pool({
    connectionString: url,
    max: 1,
    application_name: 'perpetua-flow limits',
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
    keepAlive: true,
  });
  // Unheard it would end the process; the next statement connects again.
  pool.on('error', () => undefined);
  if (preparesStatements) pool.on('connect', autoPrepare);
  pool.on('connect', releaseBrokenConnections);
  return {
    runStatement: rowReader(pool),
    close: async () => {
      // The driver takes a second time for an error.
      if (!pool.ending) await pool.end();
    },
  };
}
