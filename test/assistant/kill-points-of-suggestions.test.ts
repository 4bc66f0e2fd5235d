import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ActionsOfTask, CreditHistory, Credits, GenerateSubtasks, Task } from '../../generated/documents.js';
import { makeTask } from '../support/actions.js';
import { endLapsedRuns, expectLedgerToAddUp } from '../support/crashes.js';
import { eventually, harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';
import type { Person } from '../support/person.js';
import { type RoleProcess, startRoles } from '../support/role.js';
import { stoppedBefore } from '../support/stopping.js';

let doomed: RoleProcess;
// Before the database is dropped.
afterEach(() => doomed.kill());
const world = harness({ worker: false, lastingTokens: true });
beforeEach(async () => {
  doomed = await startRoles(world.config, ['api']);
});

const outline = { json: { subtasks: [{ title: 'Outline', estimatedMinutes: null }] }, tokensPerSecond: 0 };

/** Somebody with a task, who asks for its subtasks with one key, however often. */
async function asker() {
  const ada = await world.user();
  const taskId = await makeTask(ada);
  const ask = (person: Person) => person.send(GenerateSubtasks, { input: { taskId } }, { 'idempotency-key': 'once' });
  /** By the process that is killed. */
  const askInVain = () => ask(ada.at(doomed.url)).catch(() => 'lost');
  return { ada, taskId, ask, askInVain };
}

type Asker = Awaited<ReturnType<typeof asker>>;

const credits = async ({ ada }: Asker) => (await ada.ok(Credits, {})).credits;
const actions = async ({ ada, taskId }: Asker) => (await ada.ok(ActionsOfTask, { id: taskId })).task.actions;
const requests = async () => (await world.modelState()).requests;

async function expectNothingPaid(asking: Asker): Promise<void> {
  expect(await credits(asking)).toMatchObject({ total: 5, held: 0 });
  expect(await actions(asking)).toEqual([]);
  expect((await asking.ada.ok(Task, { id: asking.taskId })).task.subtasks).toEqual([]);
}

/** However often it is asked with the key now: one proposal, for one credit, which counts once for its task. */
async function expectOneResult(asking: Asker, requestsBefore: number): Promise<void> {
  const first = await asking.ask(asking.ada);
  expect(first.body.data).toMatchObject({ generateSubtasks: { requestsOnTask: 1, creditsRemaining: 4 } });
  for (let repeats = 0; repeats < 2; repeats += 1) expect((await asking.ask(asking.ada)).text).toBe(first.text);
  const [action, ...others] = await actions(asking);
  expect(others).toEqual([]);
  expect(first.body.data).toMatchObject({ generateSubtasks: { action: { id: action?.id } } });
  expect(await credits(asking)).toMatchObject({ total: 4, held: 0 });
  const lines = nodesOf((await asking.ada.ok(CreditHistory, {})).creditHistory);
  expect(lines.filter(({ kind }) => kind === 'SPEND')).toMatchObject([{ amount: -1, reason: 'Subtask generation' }]);
  expect(await requests()).toBe(requestsBefore + 1);
  await expectLedgerToAddUp(world);
}

/** A repeat waits for what the dead process has begun; it fails with that, at no cost, and the key is free again. */
async function expectFailedRepeat(asking: Asker): Promise<void> {
  expect(await credits(asking)).toMatchObject({ total: 4, held: 1 });
  const waiting = asking.ask(asking.ada);
  await endLapsedRuns(world, asking.ada);
  const [error] = (await waiting).body.errors ?? [];
  expect(error?.extensions).toMatchObject({ code: 'AI_SERVICE_UNAVAILABLE' });
  await expectNothingPaid(asking);
}

test.each([
  { point: 'before the credit is held', write: 'insert on billing.credit_hold' },
  { point: 'before its key is kept', write: 'insert on activity.idempotency_key' },
])('killed $point: nothing was begun, and a repeat begins', async ({ write }) => {
  const asking = await asker();
  await world.model(outline);
  await stoppedBefore(world, write, async (stopped) => {
    const lost = asking.askInVain();
    await stopped();
    await doomed.kill();
    expect(await lost).toBe('lost');
  });
  await expectNothingPaid(asking);
  expect(await requests()).toBe(0);
  await expectOneResult(asking, 0);
});

test('killed while the model is asked: it ends as failed, and a repeat asks anew', async () => {
  const asking = await asker();
  await world.model({ ...outline, hangAfter: 0 });
  const lost = asking.askInVain();
  await eventually(requests, (count) => count === 1);
  await doomed.kill();
  expect(await lost).toBe('lost');
  await expectFailedRepeat(asking);
  await world.model({ ...outline, hangAfter: undefined });
  await expectOneResult(asking, 1);
});

test.each([
  { point: 'before the proposal is stored', write: 'insert on assistant.action' },
  { point: 'before its end is noted', write: 'update on assistant.suggestion' },
  { point: 'before the settlement', write: "update on billing.credit_hold when (new.state = 'SETTLED')" },
])('killed once the model is done, $point: it ends as failed, and a repeat asks anew', async ({ write }) => {
  const asking = await asker();
  await world.model(outline);
  await stoppedBefore(world, write, async (stopped) => {
    const lost = asking.askInVain();
    await stopped();
    await doomed.kill();
    expect(await lost).toBe('lost');
  });
  await expectFailedRepeat(asking);
  await expectOneResult(asking, 1);
});

test('killed once the proposal is stored, before it is answered: a repeat answers it, and asks nobody', async () => {
  const asking = await asker();
  await world.model(outline);
  const write = 'update on activity.idempotency_key when (new.response is not null)';
  await stoppedBefore(world, write, async (stopped) => {
    const lost = asking.askInVain();
    await stopped();
    await doomed.kill();
    expect(await lost).toBe('lost');
  });
  expect(await credits(asking)).toMatchObject({ total: 4, held: 0 });
  await endLapsedRuns(world, asking.ada);
  await expectOneResult(asking, 0);
});
