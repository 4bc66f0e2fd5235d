import pg from 'pg';

const connectTimeoutMs = 5_000;

/** Connects once; answers why that fails, with the place and without the password, or null when it does not. */
export async function whyUnreachable(url: string): Promise<string | null> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectTimeoutMs });
  // What breaks now is said by the statement that fails.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return null;
  } catch (error) {
    return `there is no connection to ${client.host}:${client.port}: ${reasonOf(error)}`;
  } finally {
    await client.end();
  }
}

/** A name with several addresses fails with one error for each, and says nothing itself. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message.replaceAll('\n', ' ') : String(error);
}
