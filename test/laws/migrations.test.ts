import { readdirSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { migrate } from '../../src/migrate.js';
import { openDatabase } from '../../src/services.js';
import { templateDatabase } from '../support/config.js';
import { harness } from '../support/harness.js';

const world = harness();

test('entities and migrations agree', async () => {
  // The template has only what migrations made; a worker adds partitions to the log.
  const orm = openDatabase({
    ...world.config,
    DATABASE_URL: world.config.DATABASE_URL.replace(/[^/]+$/, templateDatabase),
  });
  try {
    expect(await orm.schema.getUpdateSchemaSQL({ wrap: false })).toBe('');
  } finally {
    await orm.close(true);
  }
});

test('migrating again, and twice at once, does nothing', async () => {
  expect(await Promise.all([migrate(world.config), migrate(world.config)])).toEqual([[], []]);
});

test('migrations are only ever added', () => {
  const names = readdirSync('infra/migrations').sort();
  expect(names[0]).toBe('Migration20261121000000_spine.ts');
  expect(names.every((name) => /^Migration\d{14}_[a-z-]+\.ts$/.test(name))).toBe(true);
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
