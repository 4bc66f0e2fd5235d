import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Harness } from './harness.js';

/** Where a word stands: each column of each table of every schema, as `schema.table.column`, in order. */
export async function columnsWith(world: Pick<Harness, 'sql'>, word: string): Promise<string[]> {
  const columns = await world.sql<{ table: string; column: string; place: string }>(
    `select format('%I.%I', table_schema, table_name) as "table", format('%I', column_name) as "column",
       table_schema || '.' || table_name || '.' || column_name as place
     from information_schema.columns join information_schema.tables using (table_schema, table_name)
     where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema') and not (
       select relispartition from pg_class where oid = format('%I.%I', table_schema, table_name)::regclass)`,
  );
  const found: string[] = [];
  for (const { table, column, place } of columns) {
    const rows = await world.sql(`select from ${table} where strpos(${column}::text, $1) > 0 limit 1`, [word]);
    if (rows.length > 0) found.push(place);
  }
  return found.sort();
}

/** Objects of the store that contain a word. */
export async function objectsWith({ config }: Pick<Harness, 'config'>, word: string): Promise<string[]> {
  const folder = config.FILES_FOLDER;
  if (!folder) throw new Error('Files are kept elsewhere.');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const contents = await Promise.all(paths.map(async (path) => ({ path, content: await readFile(path) })));
  return contents.filter(({ content }) => content.includes(word)).map(({ path }) => path);
}
