import { expect, test } from '@jest/globals';
import {
  AddReminder,
  CompleteTask,
  ConfirmAction,
  CreateNote,
  CreateTask,
  DeleteAccount,
  DeleteNote,
  RegisterPushSubscription,
  UpdateSubtask,
} from '../../generated/documents.js';
import { retrySubscriber } from '../../src/activity/index.js';
import { pushFailed, pushSent } from '../../src/events/notifications.js';
import { subscribers } from '../../src/subscribers.js';
import { finishTasks } from '../support/actions.js';
import { eventually, harness } from '../support/harness.js';
import type { Person } from '../support/person.js';
import { makePro } from '../support/pro.js';
import { proposeOne } from '../support/proposals.js';
import { record, wav } from '../support/recordings.js';

const world = harness({ lastingTokens: true });

/** Does what each subscriber waits for. */
async function makeEverythingHappen(ada: Person): Promise<void> {
  const { endpoint, p256dh, auth } = await world.push.subscribe();
  await ada.ok(RegisterPushSubscription, { input: { endpoint, p256dh, auth } });
  await finishTasks(ada, 10);
  await takeNotes(ada);
  const make = async () =>
    (await ada.ok(CreateTask, { input: { title: 'x', subtasks: [{ title: 'a' }] } })).createTask.task;
  await ada.ok(CompleteTask, { input: { id: (await make()).id, version: 1, force: true } });
  const { subtasks } = await make();
  await ada.ok(UpdateSubtask, { input: { id: subtasks[0]?.id ?? '', completed: true } });
  for (const [status, type] of [
    [201, pushSent.type],
    [410, pushFailed.type],
  ] as const) {
    await world.push.control({ status });
    const at = new Date(world.clock.now().getTime() + 60_000).toISOString();
    await ada.ok(AddReminder, { input: { taskId: (await make()).id, type: 'ABSOLUTE', at, method: 'PUSH' } });
    world.clock.advance(61_000);
    await eventually(
      () =>
        world.sql("select from activity.event where type = $1 and metadata->'about'->>'entityType' = 'reminder'", [
          type,
        ]),
      (rows) => rows.length > 0,
    );
  }
  const { email } = ada.session.user;
  const again = await world.signIn({ email });
  await again.ok(DeleteAccount, { input: { email } });
  await world.signIn({ email });
}

/** A note that was spoken, and deleted for good; one that was turned into a task. */
async function takeNotes(ada: Person): Promise<void> {
  await makePro(ada, world);
  const spoken = await record(ada, wav(5));
  const transcribed = () => world.sql("select from activity.event where type = 'note.transcribed'");
  await eventually(transcribed, (rows) => rows.length > 0);
  await ada.ok(DeleteNote, { input: { id: spoken.id } });
  const { note: plan } = (await ada.ok(CreateNote, { input: { content: 'Call Joe' } })).createNote;
  const conversion = await proposeOne(world, ada, 'convert_note', { noteId: plan.id, title: 'Call Joe' });
  await ada.ok(ConfirmAction, { input: { id: conversion.id } });
  for (const content of ['a', 'b', 'c']) {
    const { note } = (await ada.ok(CreateNote, { input: { content } })).createNote;
    await ada.ok(DeleteNote, { input: { id: note.id } });
  }
}

/** A digest of every row that the domains have. */
async function everyRow(): Promise<object> {
  const tables = await world.sql<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema', 'pgboss', 'platform', 'public')`,
  );
  const digests = tables.map(async ({ name }) => {
    const [row] = await world.sql<{ rows: string | null }>(
      `select string_agg(row::text, ' ' order by row::text) as rows from ${name} as row`,
    );
    return [name, row?.rows ?? ''] as const;
  });
  return Object.fromEntries(await Promise.all(digests));
}

test('every subscriber does its work once, however often it is begun', async () => {
  const ada = await world.user();
  await makeEverythingHappen(ada);
  // Nobody else is to write meanwhile.
  for (const app of world.apps) await app.close();
  const events = await world.sql<{ number: number; type: string }>(
    'select number::int as number, type from activity.event where account_id = $1 order by number',
    [ada.id],
  );
  const ctx = await world.jobContext();
  const faults: string[] = [];
  for (const { name, on } of subscribers) {
    const heard = events.filter(({ type }) => type === on);
    if (heard.length === 0) faults.push(`${name} waits for ${on}: let it happen in makeEverythingHappen of this law.`);
    for (const { number } of heard) {
      const before = await everyRow();
      await retrySubscriber(ctx, { accountId: ada.id, number, subscriber: name });
      const after = await everyRow();
      const changed = Object.entries(after).filter(([table, rows]) => rows !== Reflect.get(before, table));
      for (const [table] of changed)
        faults.push(`${name} changes ${table} once more for the same ${on}: give what it writes a key of the event.`);
    }
  }
  expect(faults).toEqual([]);
});
