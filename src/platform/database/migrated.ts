import { type RunStatement, sqlStateOf } from './rows.js';
import { migrationNames } from './sql-migrations.js';

/** SQLSTATE of a table that is not there. */
const undefinedTable = '42P01';

/**
 * The migrations of a folder that the database has not had. Those that only the database knows are of a newer release,
 * which may migrate while this one still runs.
 */
export async function missingMigrations(runStatement: RunStatement, folder: string): Promise<string[]> {
  const applied = new Set(await appliedMigrations(runStatement));
  return migrationNames(folder).filter((name) => !applied.has(name));
}

/** The names of the migrations that the database has had; none when it is empty. */
export async function appliedMigrations(runStatement: RunStatement): Promise<string[]> {
  try {
    const rows = await runStatement<{ name: string }>('select name from public.schema_migration', []);
    return rows.map(({ name }) => name);
  } catch (error) {
    if (sqlStateOf(error) === undefinedTable) return [];
    throw error;
  }
}
