import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  ChatStream,
  type ChatStreamSubscription,
  Conversations,
  CreditHistory,
  Credits,
  SendChatMessage,
  type SendChatMessageMutation,
  Tasks,
} from '../../generated/documents.js';
import { makeTask } from '../support/actions.js';
import { endOf, storedAnswer } from '../support/answers.js';
import { endLapsedRuns, expectLedgerToAddUp } from '../support/crashes.js';
import { eventually, harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';
import type { Person } from '../support/person.js';
import { type RoleProcess, startRoles } from '../support/role.js';
import { stoppedBefore, stoppedReading } from '../support/stopping.js';

let doomed: RoleProcess;
// Before the database is dropped.
afterEach(() => doomed.kill());
const world = harness({ worker: false, lastingTokens: true });
beforeEach(async () => {
  doomed = await startRoles(world.config, ['api']);
});

type Sent = SendChatMessageMutation['sendChatMessage'];

/** Somebody with a task, who asks about it with one key, however often. */
async function asker() {
  const ada = await world.user();
  const taskId = await makeTask(ada);
  const input = { content: 'Where do I start?', taskId };
  const ask = (person: Person): Promise<Sent> =>
    person.ok(SendChatMessage, { input }, { 'idempotency-key': 'once' }).then((data) => data.sendChatMessage);
  return { ada, taskId, ask };
}

const credits = async (ada: Person) => (await ada.ok(Credits, {})).credits;

/** What a reader at another process is shown, which reads what is stored. */
function readerOf(ada: Person, messageId: string) {
  const events: ChatStreamSubscription['chatStream'][] = [];
  const ended = (async () => {
    for await (const { chatStream } of ada.follow(ChatStream, { messageId, after: 0 })) events.push(chatStream);
    return events.at(-1);
  })();
  const text = () => events.map((event) => (event.__typename === 'ChatDelta' ? event.text : '')).join('');
  return { ended, text };
}

/** After a crash: the answer ends as one that has failed, its text stays, and nothing else is left of it. */
async function expectFailed({ ada, taskId, ask }: Awaited<ReturnType<typeof asker>>, sent: Sent, text: string) {
  const { id } = sent.answer;
  await endLapsedRuns(world, ada);
  const end = await endOf(ada, id);
  expect(end).toMatchObject({
    position: text.length,
    error: 'AI_SERVICE_UNAVAILABLE',
    message: { state: 'FAILED', content: text, actions: [] },
  });
  await expectNothingPaid(ada);
  expect(nodesOf((await ada.ok(Tasks, {})).tasks)).toHaveLength(1);
  // A repeat finds the first one, at no cost.
  expect(await ask(ada)).toEqual(sent);
  await expectNothingPaid(ada);
  // Its conversation goes on, and its request about the task does not count.
  await world.model({ reset: true, tokensPerSecond: 0 });
  const input = { content: 'And now?', taskId, conversationId: sent.conversation.id };
  const next = (await ada.ok(SendChatMessage, { input })).sendChatMessage;
  expect([next.requestsOnTask, (await endOf(ada, next.answer.id)).message.state]).toEqual([1, 'COMPLETE']);
  expect(await credits(ada)).toMatchObject({ total: 4, held: 0 });
  await expectLedgerToAddUp(world);
}

async function expectNothingPaid(ada: Person): Promise<void> {
  expect(await credits(ada)).toMatchObject({ total: 5, held: 0 });
  const lines = nodesOf((await ada.ok(CreditHistory, {})).creditHistory).toReversed();
  expect(lines.map(({ kind, amount }) => [kind, amount])).toEqual([
    ['GRANT', 5],
    ['HOLD', -1],
    ['RELEASE', 1],
  ]);
}

test('killed before the credit is held: nothing of the question is there, and a repeat asks it, once', async () => {
  const asking = await asker();
  const { ada, ask } = asking;
  await stoppedBefore(world, 'insert on billing.credit_hold', async (stopped) => {
    const lost = ask(ada.at(doomed.url)).catch(() => 'lost');
    await stopped();
    await doomed.kill();
    expect(await lost).toBe('lost');
  });
  await endLapsedRuns(world, ada);
  expect(await credits(ada)).toMatchObject({ total: 5, held: 0 });
  expect((await ada.ok(Conversations, {})).conversations.totalCount).toBe(0);
  await world.model({ tokensPerSecond: 0 });
  const sent = await ask(ada);
  expect([sent.requestsOnTask, (await endOf(ada, sent.answer.id)).message.state]).toEqual([1, 'COMPLETE']);
  expect(await ask(ada)).toEqual(sent);
  expect(await credits(ada)).toMatchObject({ total: 4, held: 0 });
  expect((await world.modelState()).requests).toBe(1);
  await expectLedgerToAddUp(world);
});

test('killed while the commit is on its way: whether it comes or not, there is one answer, paid if it is complete', async () => {
  const { ada, ask } = await asker();
  await stoppedBefore(world, 'insert on activity.event', async (stopped) => {
    const lost = ask(ada.at(doomed.url)).catch(() => 'lost');
    await stopped();
    await doomed.kill();
    expect(await lost).toBe('lost');
  });
  await endLapsedRuns(world, ada);
  expect(await credits(ada)).toMatchObject({ total: 5, held: 0 });
  await world.model({ tokensPerSecond: 0 });
  const { answer } = await ask(ada);
  const { state } = (await endOf(ada, answer.id)).message;
  expect((await ada.ok(Conversations, {})).conversations.totalCount).toBe(1);
  const paid = { COMPLETE: 1, FAILED: 0, STOPPED: 0, STREAMING: 0 }[state];
  expect(await credits(ada)).toMatchObject({ total: 5 - paid, held: 0 });
  expect((await world.modelState()).requests).toBe(paid);
  await expectLedgerToAddUp(world);
});

test('killed once the credit is held, with nothing asked: it ends as failed', async () => {
  const asking = await asker();
  const sent: Sent[] = [];
  await stoppedReading(world, 'notes.note', async (stopped) => {
    sent.push(await asking.ask(asking.ada.at(doomed.url)));
    await stopped();
    await doomed.kill();
  });
  expect((await world.modelState()).requests).toBe(0);
  for (const each of sent) await expectFailed(asking, each, '');
});

test.each([
  { point: 'at the first token', count: 1 },
  // More than a piece holds.
  { point: 'in the middle of the text', count: 400 },
])('killed $point: what readers were shown stays, it ends as failed', async ({ count }) => {
  const asking = await asker();
  const tokens = Array.from({ length: 1_000 }, (_, index) => `word${index} `);
  await world.model({ tokens, tokensPerSecond: 0, hangAfter: count });
  const sent = await asking.ask(asking.ada.at(doomed.url));
  const reader = readerOf(asking.ada, sent.answer.id);
  const text = tokens.slice(0, count).join('');
  await eventually(reader.text, (seen) => seen === text);
  await doomed.kill();
  await expectFailed(asking, sent, text);
  expect(await reader.ended).toMatchObject({ __typename: 'ChatFinished', position: text.length });
  expect(reader.text()).toBe(text);
});

test('killed before the first text is stored: who was shown it by the dead process is told where the answer ends', async () => {
  const asking = await asker();
  await world.model({ tokens: ['First', ' second'], tokensPerSecond: 0, hangAfter: 1 });
  const sent: Sent[] = [];
  await stoppedBefore(world, 'insert on llm.piece', async (stopped) => {
    const there = asking.ada.at(doomed.url);
    const begun = await asking.ask(there);
    const reader = readerOf(there, begun.answer.id);
    const [backends] = await Promise.all([stopped(), eventually(reader.text, (seen) => seen === 'First')]);
    await doomed.kill();
    // Else the statement would be done all the same.
    await world.sql('select pg_terminate_backend(id) from unnest($1::int[]) as id', [backends]);
    await reader.ended.catch(() => undefined);
    sent.push(begun);
  });
  for (const each of sent) await expectFailed(asking, each, '');
  const messageId = sent[0]?.answer.id ?? '';
  const rest: unknown[] = [];
  for await (const { chatStream } of asking.ada.follow(ChatStream, { messageId, after: 'First'.length }))
    rest.push(chatStream);
  expect(rest).toMatchObject([{ __typename: 'ChatFinished', position: 0, message: { content: '' } }]);
});

test.each([
  { point: 'while its proposal is being stored', write: 'insert on assistant.action' },
  { point: 'before the settlement', write: "update on billing.credit_hold when (new.state = 'SETTLED')" },
  {
    point: 'once it is settled, before that is committed',
    write: "insert on billing.credit_entry when (new.kind = 'SPEND')",
  },
])('killed $point: the answer ends as failed, and proposes nothing', async ({ write }) => {
  const asking = await asker();
  const toolCalls = [{ name: 'create_task', arguments: { title: 'Never' } }];
  const text = 'Here is what I would do.';
  await world.model({ text, toolCalls, tokensPerSecond: 0 });
  const sent: Sent[] = [];
  await stoppedBefore(world, write, async (stopped) => {
    sent.push(await asking.ask(asking.ada.at(doomed.url)));
    await stopped();
    await doomed.kill();
  });
  // A piece that waited for the end of the run may be stored once that is undone.
  await endLapsedRuns(world, asking.ada);
  for (const each of sent) {
    const { content = '?' } = (await storedAnswer(world, each.answer.id)) ?? {};
    expect(text.startsWith(content)).toBe(true);
    await expectFailed(asking, each, content);
  }
});

test('killed while the commit of its end is on its way: it is paid with its proposal, or failed without', async () => {
  const { ada, ask } = await asker();
  const toolCalls = [{ name: 'create_task', arguments: { title: 'Perhaps' } }];
  await world.model({ text: 'Here is what I would do.', toolCalls, tokensPerSecond: 0 });
  await stoppedBefore(world, "insert on activity.event when (new.type = 'ai_action.proposed')", async (stopped) => {
    await ask(ada.at(doomed.url));
    await stopped();
    await doomed.kill();
  });
  await endLapsedRuns(world, ada);
  const { answer } = await ask(ada);
  const { state, actions } = (await endOf(ada, answer.id)).message;
  expect([
    { state: 'COMPLETE', proposals: 1, left: 4 },
    { state: 'FAILED', proposals: 0, left: 5 },
  ]).toContainEqual({ state, proposals: actions.length, left: (await credits(ada)).total });
  expect((await credits(ada)).held).toBe(0);
  expect((await world.modelState()).requests).toBe(1);
  await expectLedgerToAddUp(world);
});
