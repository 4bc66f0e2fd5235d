import { expect, test } from '@jest/globals';
import { CreateTask, DeleteAccount, ExportAccount, Me, Tasks } from '../../generated/documents.js';
import { readCreditStatement } from '../../src/billing/index.js';
import { asAccount } from '../../src/kernel/context.js';
import { dayMs } from '../../src/kernel/days.js';
import { deleteClosedAccounts } from '../../src/privacy/index.js';
import { columnsWith, objectsWith } from '../support/everywhere.js';
import { fillAccount, identityOf, signInAs } from '../support/full-account.js';
import { eventually, harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';
import type { Person } from '../support/person.js';

const world = harness({ lastingTokens: true });
const word = 'zq7marker';

/** Where people's words are kept: what is new among these has to be forgotten as well. */
const worded = [
  'activity.event.request_id',
  'activity.idempotency_key.key',
  'activity.idempotency_key.response',
  'activity.tombstone.content',
  'activity.tombstone.title',
  'assistant.action.call',
  'assistant.action.proposal',
  'assistant.action.summary',
  'assistant.action.undo',
  'assistant.chat_message.content',
  'assistant.chat_message.feedback',
  'assistant.conversation.title',
  'auth.session.device',
  'auth.user.avatar_url',
  'auth.user.email',
  'auth.user.google_subject',
  'auth.user.name',
  'auth.user.preferences',
  'notes.note.content',
  'notes.recording.transcript',
  'notifications.notification.title',
  'notifications.push_subscription.endpoint',
  'tasks.subtask.title',
  'tasks.task.description',
  'tasks.task.tags',
  'tasks.task.title',
  'tasks.task_template.description',
  'tasks.task_template.tags',
  'tasks.task_template.title',
  'tasks.template_subtask.title',
];

/** Closes an account, and goes on to the moment at which it is to be deleted. */
async function closeForGood(ada: Person): Promise<void> {
  await ada.ok(DeleteAccount, { input: { email: ada.session.user.email } });
  world.clock.advance(14 * dayMs);
}

/** What is released in the first run has gone before all else is in the second. */
async function deleteClosed(): Promise<void> {
  await world.runJobs();
  await world.runJobs();
}

const isEmptied = async ({ id }: Person) =>
  (await world.sql('select from accounts.account where id = $1 and emptied_at is not null', [id])).length > 0;

test('14 days after an account was closed nothing names its person, and its ledger adds up as before', async () => {
  const ada = await fillAccount(world, word);
  const bob = await world.user('Bob');
  await bob.ok(CreateTask, { input: { title: 'Stays' } });
  expect(await columnsWith(world, word)).toEqual(worded);
  expect(await objectsWith(world, word)).toHaveLength(1);
  await ada.ok(ExportAccount, {});
  await eventually(
    () => objectsWith(world, ''),
    (objects) => objects.length === 2,
  );
  const job = asAccount(await world.jobContext(), ada.id);
  const at = world.clock.now();
  const before = await readCreditStatement(job, at);
  const lines = () => world.sql('select * from billing.credit_entry where account_id = $1 order by number', [ada.id]);
  const ledger = await lines();
  await ada.ok(DeleteAccount, { input: { email: identityOf(word).email } });
  world.clock.advance(14 * dayMs - 60_000);
  await world.runJobs();
  expect(await columnsWith(world, word)).not.toEqual([]);
  world.clock.advance(60_000);
  await deleteClosed();
  expect(await columnsWith(world, word)).toEqual([]);
  // Neither the recording nor its copy in the archive.
  expect(await objectsWith(world, '')).toEqual([]);
  expect((await lines()).slice(0, ledger.length)).toEqual(ledger);
  expect(await readCreditStatement(job, at)).toEqual(before);
  world.clock.advance(dayMs);
  await world.runJobs();
  expect(await world.sql('select * from billing.credit_difference')).toEqual([]);
  const [account] = await world.sql(
    'select plan, emptied_at is not null as empty from accounts.account where id = $1',
    [ada.id],
  );
  expect(account).toEqual({ plan: 'FREE', empty: true });
  expect(nodesOf((await bob.ok(Tasks, {})).tasks)).toHaveLength(1);
});

test('whoever signs in at the last moment keeps the account, and behind it is somebody new', async () => {
  const identity = identityOf(word);
  const ada = await signInAs(world, identity, word);
  await ada.ok(CreateTask, { input: { title: 'Stays' } });
  await closeForGood(ada);
  const again = await signInAs(world, identity, word);
  expect(again.id).toBe(ada.id);
  await deleteClosed();
  expect(nodesOf((await again.ok(Tasks, {})).tasks)).toHaveLength(1);
  await closeForGood(again);
  await deleteClosed();
  expect(await isEmptied(ada)).toBe(true);
  const somebody = await signInAs(world, identity, word);
  expect(somebody.id).not.toBe(ada.id);
  expect(nodesOf((await somebody.ok(Tasks, {})).tasks)).toEqual([]);
  await again.refused(Me, {}, 'UNAUTHENTICATED');
});

test('a deletion that breaks off has forgotten who it was, and goes on where it stopped', async () => {
  world.expectErrors(/deleting an account could not be done yet/);
  const identity = identityOf(word);
  const ada = await signInAs(world, identity, word);
  await ada.ok(CreateTask, { input: { title: `Task ${word}` } });
  await closeForGood(ada);
  await world.sql(`create function tasks.refuse() returns trigger language plpgsql as $$
    begin raise exception 'not now'; end; $$`);
  await world.sql('create trigger refuse before delete on tasks.task for each row execute function tasks.refuse()');
  await deleteClosed();
  expect(await isEmptied(ada)).toBe(false);
  expect(await columnsWith(world, word)).toEqual(['auth.session.device', 'tasks.task.title']);
  const somebody = await signInAs(world, identityOf('other'), 'other');
  await somebody.ok(Me, {});
  expect((await signInAs(world, identity, 'other')).id).not.toBe(ada.id);
  await world.sql('drop trigger refuse on tasks.task');
  await deleteClosed();
  expect(await isEmptied(ada)).toBe(true);
  expect(await world.sql('select from tasks.task where account_id = $1', [ada.id])).toEqual([]);
});

test('an account of many rows is deleted batch by batch, by two workers at once, and counted once', async () => {
  const ada = await world.user();
  await world.sql(
    `insert into notifications.notification (id, user_id, number, key, type, title, body, entity_type, entity_id, created_at)
     select gen_random_uuid(), $1, 1000 + n, n, 'SYSTEM', 'x', '', 'user', $1, now() from generate_series(1, 1200) n`,
    [ada.id],
  );
  await closeForGood(ada);
  const workers = [await world.jobContext(), await world.jobContext()];
  await Promise.all(workers.map((ctx) => deleteClosedAccounts(ctx)));
  expect(await isEmptied(ada)).toBe(true);
  expect(await world.sql('select from notifications.notification where user_id = $1', [ada.id])).toEqual([]);
  expect(await world.sql('select from activity.event where account_id = $1', [ada.id])).toEqual([]);
  const counted = await Promise.all(workers.map(({ services }) => services.metrics.registry.metrics()));
  const sum = counted.map((text) => Number(/^accounts_deleted_total (\d+)$/m.exec(text)?.[1]));
  expect(sum.reduce((all, each) => all + each)).toBe(1);
});

test('the log of an account that is not being deleted cannot be removed', async () => {
  const ada = await world.user();
  const ctx = await world.jobContext();
  const forget = ctx.services.runStatement('select upkeep.forget_events_of($1, 10)', [ada.id]);
  await expect(forget).rejects.toMatchObject({ code: '23001' });
});
