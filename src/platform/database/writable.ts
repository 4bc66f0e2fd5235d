import type { Pool } from 'pg';

/**
 * Whether the database takes writes: a standby does not, nor one that was set to be read only. Such a connection is not
 * used again, since after a failover the next one may lead to the new primary.
 */
export async function isWritable(pool: Pool): Promise<boolean> {
  const client = await pool.connect();
  let writable = false;
  try {
    const text = `select current_setting('transaction_read_only') = 'off' as writable`;
    const { rows } = await client.query<{ writable: boolean }>(text);
    writable = rows[0]?.writable === true;
    return writable;
  } finally {
    client.release(!writable);
  }
}
