import { expect, test } from '@jest/globals';
import { CreateTask } from '../../generated/documents.js';
import { eventually, harness } from '../support/harness.js';

const world = harness();

const partitions = () =>
  world.sql<{ name: string }>(
    "select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'activity.event'::regclass order by 1",
  );

test('the worker makes a week of daily partitions ahead, and events land in today’s', async () => {
  await eventually(partitions, (rows) => rows.length >= 9);
  const ada = await world.user();
  await ada.ok(CreateTask, { input: { title: 'x' } });
  const [row] = await world.sql<{ place: string }>(
    'select tableoid::regclass::text as place from activity.event where account_id = $1 limit 1',
    [ada.id],
  );
  const today = new Date().toISOString().slice(0, 10).replaceAll('-', '');
  expect(row?.place).toBe(`activity.event_${today}`);
});

test('a day without its partition stops no write', async () => {
  world.clock.advance(20 * 86_400_000);
  const ada = await world.user();
  await ada.ok(CreateTask, { input: { title: 'x' } });
  const rows = await world.sql<{ place: string }>(
    'select distinct tableoid::regclass::text as place from activity.event where account_id = $1',
    [ada.id],
  );
  expect(rows).toEqual([{ place: 'activity.event_default' }]);
  // That day stays where it began; the days after it get theirs, and nobody complains.
  world.log.length = 0;
  await world.runJobs('activity.keep-event-partitions');
  const nameOf = (days: number) =>
    `event_${new Date(world.clock.now().getTime() + days * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '')}`;
  const names = (await partitions()).map(({ name }) => name);
  expect(names).not.toContain(nameOf(0));
  expect(names).toEqual(expect.arrayContaining([nameOf(1), nameOf(7)]));
  expect(world.log).toEqual([]);
});
