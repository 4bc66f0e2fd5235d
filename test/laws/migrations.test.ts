import { appendFileSync, cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { addChecksums, checksumFaults } from '../../infra/migration-checksums.js';
import { schemaDifference } from '../../infra/schema-difference.js';
import { migrate } from '../../src/migrate.js';
import { migrationFile, migrationNames } from '../../src/platform/database/sql-migrations.js';
import { openDatabase } from '../../src/services.js';
import { templateDatabase } from '../support/config.js';
import { harness } from '../support/harness.js';

const world = harness();
const folder = 'infra/migrations';

test('entities and migrations agree', async () => {
  // The template has only what migrations made; a worker adds partitions to the log.
  const orm = openDatabase({
    ...world.config,
    DATABASE_URL: world.config.MIGRATE_URL.replace(/[^/]+$/, templateDatabase),
  });
  try {
    const missing = await schemaDifference(orm);
    const advice = 'The entities have what no migration makes: `npm run migration -- what-it-does` writes this:';
    expect(missing && `${advice}\n${missing}`).toBe('');
  } finally {
    await orm.close(true);
  }
});

test('migrating again, and twice at once, does nothing', async () => {
  expect(await Promise.all([migrate(world.config), migrate(world.config)])).toEqual([[], []]);
});

test('migrations are numbered without gaps, named after what they do, and only ever added', () => {
  const files = readdirSync(folder).filter((name) => name !== 'checksums.txt');
  expect(files.filter((file) => !migrationFile.test(file))).toEqual([]);
  const numbers = migrationNames(folder).map((name) => Number(name.slice(0, 4)));
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  expect(checksumFaults(folder)).toEqual([]);
});

test('a migration that was edited, removed or added without its checksum is named, with what to do', () => {
  const copy = mkdtempSync(join(tmpdir(), 'migrations-'));
  try {
    cpSync(folder, copy, { recursive: true });
    expect(checksumFaults(copy)).toEqual([]);
    const [edited = '', removed = ''] = migrationNames(folder);
    appendFileSync(join(copy, `${edited}.sql`), '\n');
    rmSync(join(copy, `${removed}.sql`));
    writeFileSync(join(copy, '9999_planted.sql'), 'select 1;');
    const faults = [
      expect.stringMatching(new RegExp(`^${edited}.sql was edited: .*npm run migration`)),
      expect.stringMatching(new RegExp(`^${removed}.sql is gone: bring it back`)),
    ];
    expect(checksumFaults(copy)).toEqual([
      ...faults,
      '9999_planted.sql has no checksum: run `npm run checksums` and commit the list.',
    ]);
    expect(addChecksums(copy)).toEqual(['9999_planted.sql']);
    // An edited one does not become right by that.
    expect(checksumFaults(copy)).toEqual(faults);
  } finally {
    rmSync(copy, { recursive: true });
  }
});

test('each domain has a PostgreSQL schema of its own', async () => {
  const rows = await world.sql<{ name: string }>(
    "select distinct table_schema as name from information_schema.tables where table_schema not in ('pg_catalog', 'information_schema', 'public') order by 1",
  );
  expect(rows.map(({ name }) => name)).toEqual([
    'accounts',
    'achievements',
    'activity',
    'assistant',
    'auth',
    'billing',
    'notifications',
    'pgboss',
    'tasks',
  ]);
});
