import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MigrationObject } from '@mikro-orm/core';
import { Migration } from '@mikro-orm/migrations';

/** `0012_pinned-tasks.sql`: its place among the migrations, and what it does. */
export const migrationFile = /^\d{4}_[a-z]+(-[a-z]+)*\.sql$/;

/** The names of the migrations in a folder, in their order: the file names without `.sql`. */
export function migrationNames(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .map((file) => file.slice(0, -'.sql'.length))
    .sort();
}

/** The migrations of a folder, one SQL file each, for the mapper to run. */
export function sqlMigrations(folder: string): MigrationObject[] {
  return migrationNames(folder).map((name) => ({
    name,
    class: class extends Migration {
      override up(): void {
        this.addSql(readFileSync(join(folder, `${name}.sql`), 'utf8'));
      }
    },
  }));
}
