import { beforeEach, expect, test } from '@jest/globals';
import { CompleteTask, CreateTask, Task } from '../../generated/documents.js';
import { onceByKey, record } from '../../src/activity/index.js';
import { taskUpdated } from '../../src/events/tasks.js';
import {
  asAccount,
  type Context,
  type RowTx,
  type Subscriber,
  sendStatement,
  sqlStateOf,
} from '../../src/kernel/context.js';
import { transaction } from '../../src/kernel/transaction.js';
import { whyUnavailable } from '../../src/platform/unavailable.js';
import { createTask } from '../../src/tasks/index.js';
import { harness } from '../support/harness.js';
import type { Person } from '../support/person.js';
import { listenToStatements } from '../support/statements.js';

const statements = listenToStatements();
type Failure = (tx: RowTx) => Promise<unknown>;
let failures: readonly Failure[] = [];
let heard = 0;

/** Fails as it is told to, one way after the other. */
const unreliable: Subscriber = {
  name: 'test.unreliable',
  on: 'task.updated',
  handle: async (tx) => {
    const [failure, ...rest] = failures;
    [failures, heard] = [rest, heard + 1];
    await failure?.(tx);
  },
};

const world = harness({ subscribers: [unreliable], worker: false });

beforeEach(() => {
  [failures, heard] = [[], 0];
});

const once: Failure = () => Promise.reject(new Error('once'));

async function somebody(): Promise<{ ctx: Context; id: string }> {
  const { id } = await world.user();
  return { ctx: asAccount(await world.jobContext(), id), id };
}

const tasksOf = (accountId: string) =>
  world.sql<{ title: string }>('select title from tasks.task where account_id = $1 order by title', [accountId]);
const eventsOf = (accountId: string) =>
  world.sql<{ type: string }>('select type from activity.event where account_id = $1 order by number', [accountId]);

/** A key that is taken already. */
const takenKey = `insert into accounts.account select * from accounts.account where id = $1`;

test('a part that fails once is done by the second run, and nothing twice', async () => {
  const { ctx, id } = await somebody();
  failures = [once];
  let runs = 0;
  await transaction(ctx, async (tx) => {
    runs += 1;
    const { task } = await createTask(tx, { title: 'x' });
    await record(tx, taskUpdated(task.id, { fields: [] }));
  });
  expect([runs, heard]).toEqual([2, 2]);
  expect(await tasksOf(id)).toHaveLength(1);
  expect((await eventsOf(id)).map(({ type }) => type)).toEqual(['user.created', 'task.created', 'task.updated']);
});

const breaksConnection: Failure = (tx) => tx.unit.runStatement('select pg_terminate_backend(pg_backend_pid())', []);
/** Has its own subscriber hear of something as well. */
const recordsMore: Failure = (tx) => record(tx, taskUpdated(tx.unit.account.id, { fields: [] }));

test.each([
  ['a part', [breaksConnection]],
  ['a part of a part', [recordsMore, breaksConnection]],
])('a transaction whose connection is gone in %s does not run again', async (_, breaking) => {
  const { ctx, id } = await somebody();
  failures = breaking;
  const done = transaction(ctx, async (tx) => {
    const { task } = await createTask(tx, { title: 'x' });
    await record(tx, taskUpdated(task.id, { fields: [] }));
  });
  await expect(done.catch(whyUnavailable)).resolves.toContain('terminat');
  expect(heard).toBe(breaking.length);
  expect(await tasksOf(id)).toHaveLength(0);
});

test('a statement that nobody waited for fails the transaction with its own error, whatever came behind it', async () => {
  const { ctx, id } = await somebody();
  let runs = 0;
  const done = transaction(ctx, async (tx) => {
    runs += 1;
    await sendStatement(tx, takenKey, [id]);
    await createTask(tx, { title: 'behind' });
  });
  await expect(done.catch(sqlStateOf)).resolves.toBe('23505');
  expect(runs).toBe(2);
  expect(await tasksOf(id)).toHaveLength(0);
  await transaction(ctx, (tx) => createTask(tx, { title: 'the next' }));
  expect(await tasksOf(id)).toEqual([{ title: 'the next' }]);
});

test('whoever expects that such a statement may fail, can undo it alone', async () => {
  const { ctx, id } = await somebody();
  await transaction(ctx, async (tx) => {
    const refused = transaction(tx, async (inner) => {
      await createTask(inner, { title: 'undone' });
      await sendStatement(inner, takenKey, [id]);
    });
    await refused.catch(() => undefined);
    await createTask(tx, { title: 'kept' });
  });
  expect(await tasksOf(id)).toEqual([{ title: 'kept' }]);
  expect((await eventsOf(id)).map(({ type }) => type)).toEqual(['user.created', 'task.created']);
});

test('a part of a mutation with a key that fails runs again within it', async () => {
  const ada = await world.user();
  const actor = { kind: 'PERSON' as const, id: ada.id, sessionId: '', expiresAt: Number.MAX_SAFE_INTEGER };
  const ctx: Context = { ...asAccount(await world.jobContext(), ada.id), actor };
  failures = [once];
  let runs = 0;
  const answer = () =>
    onceByKey(ctx, { key: 'k', query: 'q', operationName: null, variables: {} }, async (inner) => {
      runs += 1;
      await transaction(inner, async (tx) => {
        const { task } = await createTask(tx, { title: 'x' });
        await record(tx, taskUpdated(task.id, { fields: [] }));
      });
      return { response: 'done', final: true, failed: false };
    });
  expect(await answer()).toBe('done');
  expect(await answer()).toBe('done');
  expect([runs, heard]).toEqual([1, 2]);
  expect(await tasksOf(ada.id)).toHaveLength(1);
});

test('a series that waits for room does not have its completion run twice', async () => {
  const ada = await world.user();
  const recurrence = { rule: 'FREQ=DAILY', timeZone: 'UTC' };
  const input = { title: 'x', dueDate: world.clock.now().toISOString(), recurrence };
  const { task } = (await ada.ok(CreateTask, { input })).createTask;
  await world.sql(
    `insert into tasks.task (id, account_id, title, description, priority, tags, created_at, updated_at)
     select gen_random_uuid(), $1, 'full', '', 'LOW', '{}', now(), now() from generate_series(1, 49)`,
    [ada.id],
  );
  const sent = await statements.during(() => ada.ok(CompleteTask, { input: { id: task.id, version: task.version } }));
  expect((await ada.ok(Task, { id: task.id })).task.completed).toBe(true);
  expect(sent.filter((text) => text.includes('for no key update'))).toHaveLength(1);
});

/** Has the next statement that adds an occurrence fail, or all of them; the sequence counts what was rolled back as well. */
async function breakOccurrences(times: number, failure: string): Promise<void> {
  await world.sql('create sequence public.broken_occurrences', []);
  await world.sql(
    `create function public.break_occurrence() returns trigger language plpgsql security definer as $$ begin
       if nextval('public.broken_occurrences') <= ${times} then ${failure}; end if;
       return new; end $$`,
    [],
  );
  await world.sql(
    'create trigger broken before insert on tasks.occurrence for each row execute function public.break_occurrence()',
    [],
  );
}

const completions = `mutation($one: CompleteTaskInput!, $other: CompleteTaskInput!) {
  one: completeTask(input: $one) { task { subtasks { id } } nextInstance { id subtasks { id } } }
  other: completeTask(input: $other) { task { subtasks { id } } nextInstance { id subtasks { id } } } }`;

/** Completes a task of a series and another one in a mutation with a key; answers what the log says of it besides. */
async function completeWithKey(
  ada: Person,
  times: number,
  failure: string,
): Promise<{ body: unknown; failures: readonly string[] }> {
  const inputs: { id: string; version: number }[] = [];
  for (const recurrence of [{ rule: 'FREQ=DAILY', timeZone: 'UTC' }, undefined]) {
    const input = { title: 'x', dueDate: world.clock.now().toISOString(), recurrence };
    const { task } = (await ada.ok(CreateTask, { input })).createTask;
    inputs.push({ id: task.id, version: task.version });
  }
  await breakOccurrences(times, failure);
  const from = world.log.length;
  const variables = { one: inputs[0], other: inputs[1] };
  const { body } = await ada.send(completions, variables, { 'idempotency-key': 'k' });
  const failures = world.log.slice(from).filter((line) => /"level":[45]0/.test(line));
  return { body, failures };
}

test('a mutation with a key whose part fails once says nothing of it, in its answer or in the log', async () => {
  const ada = await world.user();
  const { body, failures } = await completeWithKey(ada, 1, `raise exception 'once'`);
  const next = { id: expect.any(String), subtasks: [] };
  expect(body).toEqual({
    data: {
      one: { task: { subtasks: [] }, nextInstance: next },
      other: { task: { subtasks: [] }, nextInstance: null },
    },
  });
  expect(failures).toEqual([]);
});

test('one whose part fails for good says so once', async () => {
  world.expectErrors(/for good/);
  const ada = await world.user();
  const { body, failures } = await completeWithKey(ada, 9, `raise exception 'for good'`);
  expect(body).toMatchObject({ data: { one: { nextInstance: null }, other: { nextInstance: null } } });
  expect(failures).toHaveLength(1);
  expect(failures[0]).toMatch(/the next instance was not made/);
});

test('one whose connection goes away says once that it failed', async () => {
  const ada = await world.user();
  const { body, failures } = await completeWithKey(ada, 1, 'perform pg_terminate_backend(pg_backend_pid())');
  expect(body).toMatchObject({ errors: [{ extensions: { code: 'UNAVAILABLE' } }] });
  expect(failures).toHaveLength(1);
  expect(failures[0]).toContain('operation failed');
});

test('one that always deadlocks is tried a few times, and says once that it failed', async () => {
  const ada = await world.user();
  const { failures } = await completeWithKey(ada, 99, `raise exception 'deadlock' using errcode = '40P01'`);
  expect(failures.filter((line) => line.includes('operation failed')).length).toBeLessThanOrEqual(1);
});
