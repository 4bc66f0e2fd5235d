import type { Pool } from 'pg';
import { gaugeOnScrape, type Metrics } from '../metrics.js';

/** Has whoever scrapes see how many connections of a pool are in use, and who waits for one. */
export function observePool(metrics: Metrics, pool: Pool): void {
  const connections = {
    name: 'database_pool_connections',
    help: 'Connections to the database for statements.',
    labelNames: ['state'],
  };
  gaugeOnScrape(metrics, connections, () => [
    { labels: { state: 'in_use' }, value: pool.totalCount - pool.idleCount },
    { labels: { state: 'idle' }, value: pool.idleCount },
  ]);
  const waiting = { name: 'database_pool_waiting', help: 'Statements and transactions that wait for a connection.' };
  gaugeOnScrape(metrics, waiting, () => [{ labels: {}, value: pool.waitingCount }]);
}
