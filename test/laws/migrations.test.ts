import { appendFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { addChecksums, checksumFaults } from '../../infra/migration-checksums.js';
import { migrate } from '../../src/migrate.js';
import { openDatabase } from '../../src/services.js';
import { templateDatabase } from '../support/config.js';
import { harness } from '../support/harness.js';

const world = harness();
const folder = 'infra/migrations';
const read = (name: string) => readFileSync(join(folder, name), 'utf8');

test('entities and migrations agree', async () => {
  // The template has only what migrations made; a worker adds partitions to the log.
  const orm = openDatabase({
    ...world.config,
    DATABASE_URL: world.config.MIGRATE_URL.replace(/[^/]+$/, templateDatabase),
  });
  try {
    const missing = await orm.schema.getUpdateSchemaSQL({ wrap: false });
    const advice = 'The entities have what no migration makes: `npm run migration -- what-it-does` writes this:';
    expect(missing && `${advice}\n${missing}`).toBe('');
  } finally {
    await orm.close(true);
  }
});

test('migrating again, and twice at once, does nothing', async () => {
  expect(await Promise.all([migrate(world.config), migrate(world.config)])).toEqual([[], []]);
});

test('migrations are only ever added', () => {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .sort();
  expect(names[0]).toBe('Migration20261121000000_spine.ts');
  // As `npm run migration -- what-it-does` names them.
  expect(names.filter((name) => !/^Migration\d{14}_[a-z-]+\.ts$/.test(name))).toEqual([]);
  expect(checksumFaults(folder)).toEqual([]);
});

test('a migration that writes rows leaves no trigger that keeps the next one from altering their table', () => {
  const writes = readdirSync(folder).filter(
    (name) => name > 'Migration20261122' && /`(update|insert into|delete from) /.test(read(name)),
  );
  const faults = writes.filter((name) => !read(name).includes('set constraints all immediate'));
  const advice =
    "Say this.addSql('set constraints all immediate;') before it writes: deferred triggers wait otherwise.";
  expect(faults.map((name) => `${name}: ${advice}`)).toEqual([]);
});

test('a migration that was edited, removed or added without its checksum is named, with what to do', () => {
  const copy = mkdtempSync(join(tmpdir(), 'migrations-'));
  try {
    cpSync(folder, copy, { recursive: true });
    expect(checksumFaults(copy)).toEqual([]);
    appendFileSync(join(copy, 'Migration20261121090000_tasks-in-full.ts'), '\n');
    rmSync(join(copy, 'Migration20261121110000_achievements.ts'));
    writeFileSync(join(copy, 'Migration20270101000000_planted.ts'), 'export {};');
    const faults = [
      expect.stringMatching(/^Migration20261121090000_tasks-in-full.ts was edited: .*npm run migration/),
      expect.stringMatching(/^Migration20261121110000_achievements.ts is gone: bring it back/),
    ];
    const added = 'Migration20270101000000_planted.ts';
    expect(checksumFaults(copy)).toEqual([
      ...faults,
      `${added} has no checksum: run \`npm run checksums\` and commit the list.`,
    ]);
    expect(addChecksums(copy)).toEqual([added]);
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
