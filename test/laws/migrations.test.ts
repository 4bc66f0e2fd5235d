import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { withMigratedDatabase } from '../../infra/migrated-database.js';
import { addChecksums, askedReason, checksumFaults } from '../../infra/migration-checksums.js';
import { lockFaults } from '../../infra/migration-locks.js';
import { schemaDifference } from '../../infra/schema-difference.js';
import { unlistedEntities } from '../../infra/unlisted-entities.js';
import { migrate } from '../../src/migrate.js';
import { migrationFile, migrationNames } from '../../src/platform/database/sql-migrations.js';
import { openDatabase } from '../../src/services.js';
import { templateDatabase } from '../support/config.js';
import { harness } from '../support/harness.js';
import { inCopy } from '../support/repository-copy.js';

const world = harness({ worker: false });
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

test('every entity is listed, since only those are compared', async () => {
  expect(unlistedEntities()).toEqual([]);
  await inCopy(
    async (root) => {
      const entity = "@Entity({ schema: 'tasks' })\n@Notes({ kept: 'for good' })\nexport class Planted {}\n";
      writeFileSync(join(root, 'entities/tasks/planted.ts'), entity);
      expect(unlistedEntities(root)).toEqual([
        expect.stringMatching(/^entities\/tasks\/planted\.ts: Planted .* entities\/index\.ts/),
      ]);
    },
    ['entities'],
  );
});

test('what is generated from the migrations sees nothing of the migrations of an earlier time', async () => {
  await withMigratedDatabase((orm) => orm.em.getConnection().execute('create table tasks.undone (id uuid)'));
  const tables = await withMigratedDatabase((orm) =>
    orm.em.getConnection().execute("select to_regclass('tasks.task') as task, to_regclass('tasks.undone') as undone"),
  );
  expect(tables).toEqual([{ task: 'tasks.task', undone: null }]);
});

test('migrating again, and twice at once, does nothing', async () => {
  expect(await Promise.all([migrate(world.config), migrate(world.config)])).toEqual([[], []]);
});

test('migrations are numbered without gaps, named after what they do, and only ever added', () => {
  const files = readdirSync(folder).filter((name) => name !== 'checksums.txt');
  const misnamed = files.filter((file) => !migrationFile.test(file));
  expect(misnamed.map((file) => `${file}: name it as \`npm run migration\` does, 0012_what-it-does.sql.`)).toEqual([]);
  const numbers = migrationNames(folder).map((name) => Number(name.slice(0, 4)));
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  expect(checksumFaults(folder)).toEqual([]);
});

test('a migration that was edited, removed, added without its checksum or without a reason is named, with what to do', () => {
  const copy = mkdtempSync(join(tmpdir(), 'migrations-'));
  try {
    const [edited, removed] = ['0001_edited', '0002_removed'];
    for (const name of [edited, removed]) writeFileSync(join(copy, `${name}.sql`), '-- Tasks are planted.\n');
    addChecksums(copy);
    expect(checksumFaults(copy)).toEqual([]);
    appendFileSync(join(copy, `${edited}.sql`), '\n');
    rmSync(join(copy, `${removed}.sql`));
    writeFileSync(join(copy, '9998_silent.sql'), `${askedReason}\n\nselect 1;\n`);
    writeFileSync(join(copy, '9999_planted.sql'), '-- Tasks are planted.\n\nselect 1;\n');
    const faults = [
      expect.stringMatching(new RegExp(`^${edited}.sql was edited .*npm run migration.*delete its line`)),
      expect.stringMatching(new RegExp(`^${removed}.sql is gone: bring it back`)),
      expect.stringMatching(/^9998_silent.sql does not say why: /),
    ];
    expect(checksumFaults(copy)).toEqual([
      ...faults,
      '9999_planted.sql has no checksum: run `npm run checksums` and commit the list.',
    ]);
    expect(addChecksums(copy)).toEqual(['9999_planted.sql']);
    // Neither an edited one nor one that does not say why becomes right by that.
    expect(checksumFaults(copy)).toEqual(faults);
  } finally {
    rmSync(copy, { recursive: true });
  }
});

/** A migration of tables that are there, as somebody in a hurry writes it. */
const hasty = `-- Tasks are pinned.
alter table tasks.task add column pinned boolean not null;
alter table tasks.task add column moment timestamptz not null default now();
create index task_pinned on tasks.task (account_id) where pinned;
alter table tasks.task add constraint task_pinned_open check (
  not pinned or not completed
);
alter table tasks.task alter column title type varchar(200);
-- allowed: nobody has read it since the release before.
alter table tasks.task drop column description;
drop table tasks.subtask;
create table tasks.pin (id uuid primary key);
create index pin_of_task on tasks.pin (id);
create function tasks.pin() returns trigger language plpgsql as $$
begin
  drop table tasks.task;
end;
$$;
`;

test('a migration locks no table for as long as its size asks for, and takes away nothing that is in use', () => {
  expect(lockFaults(folder)).toEqual([]);
  const copy = mkdtempSync(join(tmpdir(), 'migrations-'));
  try {
    writeFileSync(join(copy, '0001_hasty.sql'), hasty);
    expect(lockFaults(copy).map((fault) => fault.replace(/^0001_hasty: (.{34}).*$/, '$1'))).toEqual(
      [
        'alter table tasks.task add column p',
        'create index task_pinned on tasks.t',
        'alter table tasks.task add constrai',
        'alter table tasks.task alter column',
        'drop table tasks.subtask: the relea',
      ].map((start) => start.slice(0, 34)),
    );
  } finally {
    rmSync(copy, { recursive: true });
  }
});

test('each domain has a PostgreSQL schema of its own', async () => {
  const rows = await world.sql<{ name: string }>(
    "select distinct table_schema as name from information_schema.tables where table_schema not in ('pg_catalog', 'information_schema', 'public') order by 1",
  );
  // Without an entity: the queue's.
  const domains = readdirSync('entities', { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(rows.map(({ name }) => name)).toEqual([...domains.map(({ name }) => name), 'pgboss'].sort());
});
