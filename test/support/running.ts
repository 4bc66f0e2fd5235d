import type { EmbeddedDatabase } from '../../infra/postgres/embedded.js';

/** What the run's setup hands to its teardown. */
export const running: { database: EmbeddedDatabase | null } = { database: null };
