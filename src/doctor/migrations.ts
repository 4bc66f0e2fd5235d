import type { Finding } from '../admin/finding.js';
import { counted } from '../kernel/text.js';
import { changedMigrations } from '../platform/database/checksums.js';
import { appliedMigrations } from '../platform/database/migrated.js';
import { migrationNames } from '../platform/database/sql-migrations.js';
import { migrationsFolder } from '../services.js';
import { ok, type Variables, warning, withConnection, wrong } from './check.js';
import { databaseUrlOf } from './database-url.js';

const check = 'migrations';

/** Whether the database has had every migration of this release and none of another, and whether their files are as they were. */
export async function checkMigrations(variables: Variables): Promise<readonly Finding[]> {
  const applied = await withConnection(databaseUrlOf(variables), appliedMigrations);
  const known = migrationNames(migrationsFolder);
  const missing = known.filter((name) => !applied.includes(name));
  const unknown = applied.filter((name) => !known.includes(name));
  const changed = changedMigrations(migrationsFolder);
  const findings = [
    ...(missing.length > 0
      ? [
          wrong(
            check,
            `${counted(missing.length, 'migration')} are missing, the first is ${missing[0]}.`,
            'Stop the processes, then run `migrate`.',
          ),
        ]
      : []),
    ...(unknown.length > 0
      ? [
          warning(
            check,
            `The database has had ${unknown.join(', ')}, which this release does not know.`,
            'Run the newer release, or restore a backup from before it.',
          ),
        ]
      : []),
    ...(changed.length > 0
      ? [
          wrong(
            check,
            `${changed.join(', ')}: not what the checksum says.`,
            'Take the files of the release as they were: a database that has had one never has it again.',
          ),
        ]
      : []),
  ];
  return findings.length > 0
    ? findings
    : [ok(check, `All ${known.length} were applied, and are what their checksums say.`)];
}
