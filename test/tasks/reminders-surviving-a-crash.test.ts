import { expect, test } from '@jest/globals';
import { eventually, harness } from '../support/harness.js';
import { startRoles } from '../support/role.js';

const world = harness({ worker: false });
const accounts = 200;
const perAccount = 5;

interface Progress {
  readonly sent: number;
}

const sentSoFar = async () =>
  (await world.sql<Progress>("select count(*)::int as sent from tasks.reminder where state = 'SENT'"))[0]?.sent ?? 0;

test('kill -9 of one of two workers while 1,000 reminders are due: each fires once, with its notification', async () => {
  const workers = await Promise.all([1, 2].map(() => startRoles(world.config, ['worker'])));
  await world.sql(
    `with person as (
       insert into auth.user (id, google_subject, email, name, created_at)
       select id, id, 'a@example.com', 'A', now() from (select gen_random_uuid() as id from generate_series(1, ${accounts})) as made
       returning id
     ), account as (
       insert into accounts.account (id, kind, created_at) select id, 'PERSON', now() from person returning id
     ), task as (
       insert into tasks.task (id, account_id, title, description, priority, tags, created_at, updated_at)
       select gen_random_uuid(), id, 'x', '', 'MEDIUM', '{}', now(), now() from account returning id, account_id
     )
     insert into tasks.reminder (id, account_id, task_id, type, method, scheduled_for, state, created_at)
     select gen_random_uuid(), account_id, id, 'ABSOLUTE', 'PUSH', now() + interval '1 second', 'SCHEDULED', now()
     from task, generate_series(1, ${perAccount})`,
  );
  await eventually(sentSoFar, (sent) => sent > 0);
  await workers[0]?.kill();
  await eventually(sentSoFar, (sent) => sent === accounts * perAccount);
  await workers[1]?.terminate();

  const [once] = await world.sql<{ events: number; notifications: number }>(
    `select count(distinct event.entity_id)::int as events, count(distinct notification.id)::int as notifications
     from activity.event join tasks.reminder on reminder.id = event.entity_id and event.type = 'reminder.sent'
     join notifications.notification on notification.entity_id = reminder.id`,
  );
  expect(once).toMatchObject({ events: accounts * perAccount, notifications: accounts * perAccount });
  const doubled = await world.sql(
    "select entity_id from activity.event where type = 'reminder.sent' group by entity_id having count(*) > 1",
  );
  expect(doubled).toEqual([]);
});
