import pg from 'pg';

const connectTimeoutMs = 5_000;

/** What an address leads to: a text that is the same for all addresses of one database, or why nothing was reached. */
export type Reached = { readonly database: string } | { readonly reason: string };

/** Connects once. A reason names the place, and no password. */
export async function reach(url: string): Promise<Reached> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: connectTimeoutMs,
  });
  // What breaks now is said by the statement that fails.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ database: string }>(
      'select pg_postmaster_start_time() || current_database() as database',
    );
    return { database: rows[0]?.database ?? '' };
  } catch (error) {
    return { reason: `there is no connection to ${client.host}:${client.port}: ${reasonOf(error)}` };
  } finally {
    await client.end();
  }
}

/** A name with several addresses fails with one error for each, and says nothing itself. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message.replaceAll('\n', ' ') : String(error);
}
