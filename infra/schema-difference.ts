import type { Orm } from '../src/platform/database/orm.js';

/**
 * What the entities have and the database lacks, as SQL; empty when they agree. What stands in migrations
 * alone is left out: functions, and foreign keys, since the mapper cannot declare one of which a column is the row's own
 * key as well.
 */
export async function schemaDifference(orm: Orm): Promise<string> {
  const sql = await orm.schema.getUpdateSchemaSQL({ wrap: false });
  const inMigrationsAlone = /^alter table \S+ drop constraint "\w+_foreign";$|^drop function if exists /;
  const statements = sql.split('\n').filter((line) => !inMigrationsAlone.test(line));
  return statements
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}
