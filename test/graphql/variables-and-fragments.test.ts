import { expect, test } from '@jest/globals';
import { CompleteTask, CreateTask, CreateTaskTemplate, Me } from '../../generated/documents.js';
import { harness } from '../support/harness.js';

const world = harness({ worker: false, config: { RATE_LIMIT_PER_MINUTE: '1000', LOG_LEVEL: 'info' } });

/** An operation is compiled when it has come often: the first answer and the last are the same. */
const times = [1, 2, 3, 4, 5];

test('an omitted variable within an input object changes nothing', async () => {
  const ada = await world.user();
  const input = { title: 'Paint', description: 'Two coats', dueDate: '2026-12-05T10:00:00.000Z', tags: ['home'] };
  const { id, dueDate } = (await ada.ok(CreateTask, { input })).createTask.task;
  const query = `mutation ($id: ID!, $v: Int!, $t: String, $d: String, $due: DateTime, $tags: [String!]) {
    updateTask(input: { id: $id, version: $v, title: $t, description: $d, dueDate: $due, tags: $tags }) {
      task { title description dueDate tags version }
    }
  }`;
  let version = 1;
  for (const time of times) {
    const { body } = await ada.send(query, { id, v: version, t: `Paint ${time}` });
    version += 1;
    expect(body).toEqual({
      data: {
        updateTask: { task: { title: `Paint ${time}`, description: 'Two coats', dueDate, tags: ['home'], version } },
      },
    });
  }
  const { body } = await ada.send(query, { id, v: version, t: 'Paint', d: null, tags: null });
  expect(body.data).toMatchObject({ updateTask: { task: { description: '', dueDate, tags: [] } } });
});

test('the default of an input field holds where its variable is omitted', async () => {
  const ada = await world.user();
  const query = `mutation ($id: ID!, $v: Int!, $f: Boolean) {
    completeTask(input: { id: $id, version: $v, force: $f }) { task { completed } }
  }`;
  for (const time of times) {
    const subtasks = [{ title: 'First this' }];
    const { id } = (await ada.ok(CreateTask, { input: { title: `Task ${time}`, subtasks } })).createTask.task;
    await ada.refused(query, { id, v: 1 }, 'CONFLICT');
    expect((await ada.send(query, { id, v: 1, f: true })).body.data).toEqual({
      completeTask: { task: { completed: true } },
    });
  }
});

test('a fragment that is reached by two paths keeps the condition of neither', async () => {
  const ada = await world.user();
  await ada.ok(CreateTask, { input: { title: 'Secret' } });
  const both = 'query ($b: Boolean!) { me { ...F @include(if: $b) ...F } } fragment F on User { id }';
  const skipped = 'query ($b: Boolean!) { me { ...F @skip(if: $b) ...F } } fragment F on User { id }';
  const one =
    'query ($b: Boolean!) { tasks { nodes @include(if: $b) { ...T } nodes { id } } } fragment T on Task { title }';
  for (const _ of times) {
    expect((await ada.send(both, { b: false })).body).toEqual({ data: { me: { id: ada.id } } });
    expect((await ada.send(skipped, { b: true })).body).toEqual({ data: { me: { id: ada.id } } });
    const { body } = await ada.send(one, { b: false });
    expect(body).toEqual({ data: { tasks: { nodes: [{ id: expect.any(String) }] } } });
  }
});

test('variables within a JSON literal are stored', async () => {
  const ada = await world.user();
  const query = `mutation ($t: String, $list: [Int!]) {
    updateProfile(input: { preferences: { theme: $t, size: 3, nested: { list: $list, more: [$t] } } }) { user { preferences } }
  }`;
  for (const _ of times) {
    const { body } = await ada.send(query, { t: 'dark', list: [1, 2] });
    const preferences = { theme: 'dark', size: 3, nested: { list: [1, 2], more: ['dark'] } };
    expect(body).toEqual({ data: { updateProfile: { user: { preferences } } } });
    expect((await ada.ok(Me, {})).me.preferences).toEqual(preferences);
  }
});

test.each([
  ['omitted first', [{}, { c: null }, {}, { c: 2 }]],
  ['null first', [{ c: null }, {}, { c: 2 }, { c: null }]],
])(
  'a variable that is null where a number must be is bad input, an omitted one the default: %s',
  async (_, sequence) => {
    const ada = await world.user();
    await ada.ok(CreateTaskTemplate, { input: { title: 'Stretch', rule: 'FREQ=DAILY', timeZone: 'UTC' } });
    const query = 'query N($c: Int) { taskTemplates { nodes { nextOccurrences(count: $c) } } }';
    for (const variables of [...sequence, ...sequence, ...sequence]) {
      const { body } = await ada.send(query, variables);
      if ('c' in variables && variables.c === null) {
        expect(body.errors?.[0]?.extensions).toMatchObject({ code: 'VALIDATION_FAILED' });
        expect(body.data).toBeNull();
      } else {
        const dates = new Array('c' in variables ? 2 : 5).fill(expect.any(String));
        expect(body).toEqual({ data: { taskTemplates: { nodes: [{ nextOccurrences: dates }] } } });
      }
    }
  },
);

test('what follows a mutation that failed is not executed', async () => {
  const ada = await world.user();
  const query = `mutation ($id: ID!) {
    a: completeTask(input: { id: $id, version: 9 }) { task { id } }
    b: createTask(input: { title: "Never" }) { task { id } }
  }`;
  const { id } = (await ada.ok(CreateTask, { input: { title: 'First' } })).createTask.task;
  for (const _ of times) await ada.refused(query, { id }, 'CONFLICT');
  expect((await ada.send('{ tasks { totalCount } }')).body.data).toEqual({ tasks: { totalCount: 1 } });
  await ada.ok(CompleteTask, { input: { id, version: 1 } });
});

test('a document that costs too much, or is invalid, leaves one line and is counted', async () => {
  const ada = await world.user();
  const refusals = async () =>
    Number(
      /requests_refused_total\{code="VALIDATION_FAILED"\} (\d+)/.exec(
        await (await fetch(`${world.url}/metrics`)).text(),
      )?.[1] ?? 0,
    );
  const before = await refusals();
  const query = '{ me { ...F0 } } fragment F0 on User { ...F1 ...F1 } fragment F1 on User { nothing }';
  await ada.send(query, {}, { 'x-request-id': 'refused-invalid' });
  await ada.send(`{ me { ${'id '.repeat(2_500)} } }`, {}, { 'x-request-id': 'refused-limit' });
  expect(await refusals()).toBe(before + 2);
  const lines = world.log.filter((line) => line.includes('"refused"') && line.includes('refused-'));
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({
      requestId: 'refused-invalid',
      user: ada.id,
      outcome: 'VALIDATION_FAILED',
      reason: 'invalid',
    }),
    expect.objectContaining({
      requestId: 'refused-limit',
      user: ada.id,
      outcome: 'VALIDATION_FAILED',
      reason: 'limit of tokens',
    }),
  ]);
});
