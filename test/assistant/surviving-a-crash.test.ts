import { expect, test } from '@jest/globals';
import { ChatStream, CreateTask, Credits, Me, SendChatMessage } from '../../generated/documents.js';
import { type StoredAnswer, storedAnswer, storedAnswers } from '../support/answers.js';
import { eventually, harness } from '../support/harness.js';
import { startRoles } from '../support/role.js';

// The surviving app is in this process; its worker sweeps.
const world = harness({ config: { RATE_LIMIT_PER_MINUTE: '100000' } });

test('kill -9 while 20 answers stream: each is complete, or failed with its text, and its credit and request back', async () => {
  const doomed = await startRoles(world.config, ['api']);
  const people = await Promise.all(Array.from({ length: 20 }, (_, index) => world.user(`P${index}`)));
  // None of them ends before the process does.
  await world.model({ tokens: Array.from({ length: 1_000 }, (_, index) => `${index} `), tokensPerSecond: 10 });
  const ids = await Promise.all(
    people.map(async (person, index) => {
      if (index < 4) await world.model({ match: `quick ${index}`, tokens: ['done.'], tokensPerSecond: 0 });
      const content = index < 4 ? `quick ${index}` : 'slow';
      const taskId = (await person.ok(CreateTask, { input: { title: 'x' } })).createTask.task.id;
      const input = { content, taskId };
      return (await person.at(doomed.url).ok(SendChatMessage, { input })).sendChatMessage.answer.id;
    }),
  );
  const look = () => storedAnswers(world, ids);
  const isDone = ({ id, state }: StoredAnswer) => state === 'COMPLETE' || ids.indexOf(id) >= 4;
  const before = await eventually(look, (rows) => rows.every((row) => row.content !== '' && isDone(row)));
  await doomed.kill();

  const after = await eventually(look, (rows) => rows.every(({ state }) => state !== 'STREAMING'));
  for (const [index, person] of people.entries()) {
    const row = after.find(({ id }) => id === ids[index]);
    const earlier = before.find(({ id }) => id === ids[index]);
    expect(row?.content.startsWith(earlier?.content ?? '?')).toBe(true);
    expect(row?.state).toBe(index < 4 ? 'COMPLETE' : 'FAILED');
    expect((await person.ok(Credits, {})).credits).toMatchObject({ total: index < 4 ? 4 : 5, held: 0 });
    let last: unknown;
    for await (const { chatStream } of person.follow(ChatStream, { messageId: ids[index] ?? '' })) last = chatStream;
    expect(last).toMatchObject({
      __typename: 'ChatFinished',
      position: row?.content.length,
      message: { content: row?.content },
    });
  }
  const counted = await world.sql(
    `select m.id, counted.count from assistant.chat_message m
     join assistant.task_request_count counted using (session_id, task_id) where m.id = any($1)`,
    [ids],
  );
  expect(counted).toHaveLength(4);
  expect(counted).toEqual(expect.arrayContaining(ids.slice(0, 4).map((id) => ({ id, count: 1 }))));
  const wrong = await world.sql(
    `select account_id from billing.credit_bucket bucket join billing.credit_entry entry using (account_id, bucket)
     group by account_id, bucket, balance having balance <> sum(amount)`,
  );
  expect(wrong).toEqual([]);
});

test('SIGTERM drains: a running answer is finished, sockets are told to reconnect, the exit code is 0', async () => {
  const process = await startRoles(world.config, ['api', 'worker']);
  const ada = (await world.user()).at(process.url);
  await world.model({ tokens: Array.from({ length: 20 }, (_, index) => `${index} `), tokensPerSecond: 20 });
  const { answer } = (await ada.ok(SendChatMessage, { input: { content: 'Hello' } })).sendChatMessage;
  const client = ada.newSocket();
  const closed = new Promise<number>((resolve) => {
    client.on('closed', (event) =>
      resolve(typeof event === 'object' && event !== null && 'code' in event ? Number(event.code) : 0),
    );
  });
  const reading = (async () => {
    for await (const _ of ada.follow(ChatStream, { messageId: answer.id }, client));
  })().catch(() => undefined);
  await ada.ok(Me, {});
  await eventually(
    () => storedAnswer(world, answer.id),
    (row) => row?.content !== '',
  );
  expect(await process.terminate()).toBe(0);
  expect(await closed).toBe(1_012);
  await reading;
  expect(await storedAnswer(world, answer.id)).toMatchObject({
    state: 'COMPLETE',
    content: Array.from({ length: 20 }, (_, index) => `${index} `).join(''),
  });
});
