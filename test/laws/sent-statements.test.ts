import { expect, test } from '@jest/globals';
import { Task } from '../../entities/tasks/task.js';
import { statementFaults } from '../../infra/sent-statements.js';
import { allRows, rowsOf } from '../../src/kernel/rows.js';
import { harness, withClient } from '../support/harness.js';

const world = harness({ worker: false });

const faultsOf = (...statements: Parameters<typeof statementFaults>[1]) =>
  withClient(world.config.MIGRATE_URL, (client) => statementFaults(client, statements));

test('every list of columns reads what its table has, each under its field’s name', async () => {
  expect(allRows.length).toBeGreaterThan(10);
  const statements = allRows.map(({ table, columns }) => ({
    text: `select ${columns} from ${table}`,
    lists: [{ table, columns }],
  }));
  expect(await faultsOf(...statements)).toEqual([]);
});

test('a statement that cannot be prepared, or answers something else than its list of columns says, is found', async () => {
  const rows = rowsOf(Task, ['id', 'dueDate']);
  const lists = [rows];
  const faults = await faultsOf(
    { text: 'select gone from tasks.task where id = $1', lists: [] },
    { text: `with task as (select ${rows.columns} from tasks.task) select id from task`, lists },
    { text: `with task as (select ${rows.columns} from tasks.task) select id, "dueDate"::text from task`, lists },
    { text: "select now() at time zone 'UTC' as at", lists: [] },
    { text: 'update tasks.task set title = $1 where id = $2', lists: [] },
    { text: 'select number from activity.event', lists: [{ table: 'activity.event', columns: 'number' }] },
  );
  expect(faults).toEqual([
    expect.stringContaining('cannot be prepared: column "gone" does not exist'),
    expect.stringContaining('answers no dueDate of tasks.task'),
    expect.stringContaining('answers dueDate of tasks.task as another type'),
    expect.stringContaining('answers at as a type without a value'),
    expect.stringContaining('reads number of activity.event, which comes as text'),
  ]);
});

test('a moment is read as the text that PostgreSQL prints, also through the mapper’s connection', async () => {
  const { services } = await world.jobContext();
  const [row] = await services.runStatement<{ at: string }>(`select '2026-11-21T05:13:35.12Z'::timestamptz as at`, []);
  expect(row).toEqual({ at: '2026-11-21 05:13:35.12+00' });
});
