import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { FollowChanges, Me } from '../../generated/documents.js';
import { parse } from '../../src/kernel/input.js';
import { harness, postJson } from '../support/harness.js';
import { Refused } from '../support/person.js';

const world = harness({ worker: false });
const nested = (depth: number) =>
  `{ tasks { nodes { ${'subtasks { task { '.repeat(depth / 2)} id ${'} }'.repeat(depth / 2)} } } }`;

test.each([
  ['depth 30', nested(30)],
  ['10,000 aliases', `{ ${Array.from({ length: 10_000 }, (_, index) => `a${index}: me { id }`).join(' ')} }`],
  ['100 aliases', `{ ${Array.from({ length: 100 }, (_, index) => `a${index}: __typename`).join(' ')} }`],
  ['1,000 directives', `{ me { id ${'@include(if: true) '.repeat(1_000)} } }`],
  [
    '100 × 100 messages with tasks',
    '{ conversations(first: 100) { nodes { messages(first: 100) { nodes { task { subtasks { id } } } } } } }',
  ],
  [
    '60 mutations',
    `mutation { ${Array.from({ length: 60 }, (_, n) => `a${n}: startConversation(input: {}) { conversation { id } }`).join(' ')} }`,
  ],
  [
    'fragments doubled 25 times',
    `{ me { ...F0 } } ${Array.from({ length: 25 }, (_, n) => `fragment F${n} on User { ...F${n + 1} ...F${n + 1} }`).join(' ')} fragment F25 on User { id }`,
  ],
  ['an unknown field', '{ me { password } }'],
  ['a wrong type', '{ task(id: 7.5) { id } }'],
  ['no document', ''],
  ['a subscription over HTTP', 'subscription { changes { cursor } }'],
  ['two operations and no name', 'query A { me { id } } query B { me { id } }'],
])('%s is refused as bad input', async (_, query) => {
  const ada = await world.user();
  const { status, body } = await ada.send(query);
  expect(status).toBe(400);
  expect(body.data ?? null).toBeNull();
  expect(body.errors?.[0]?.extensions).toMatchObject({ code: 'VALIDATION_FAILED', requestId: expect.any(String) });
});

test('the cost follows the variables', async () => {
  const ada = await world.user();
  const query =
    'query($n: Int!) { conversations(first: $n) { nodes { messages(first: $n) { nodes { task { id } } } } } }';
  expect((await ada.send(query, { n: 10 })).body.errors).toBeUndefined();
  expect((await ada.send(query, { n: 100 })).body.errors?.[0]?.extensions).toMatchObject({ code: 'VALIDATION_FAILED' });
});

test('a body of 1 MB is refused with 413, malformed JSON with 400', async () => {
  const large = await postJson(`${world.url}/graphql`, { query: `{ me { id } } # ${'x'.repeat(1_048_576)}` });
  expect(large.status).toBe(413);
  expect(await large.json()).toMatchObject({
    errors: [{ extensions: { code: 'VALIDATION_FAILED', requestId: expect.any(String) } }],
  });
  const malformed = await fetch(`${world.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query": ',
  });
  expect(malformed.status).toBe(400);
  expect(await malformed.json()).toMatchObject({ errors: [{ extensions: { code: 'VALIDATION_FAILED' } }] });
});

test('batches are refused', async () => {
  const response = await postJson(`${world.url}/graphql`, [{ query: '{ __typename }' }, { query: '{ __typename }' }]);
  expect(response.status).toBe(400);
});

test('GET serves queries, whatever the other headers, and no mutation', async () => {
  const ada = await world.user();
  const get = (query: string) =>
    fetch(`${world.url}/graphql?${new URLSearchParams({ query, variables: '{}' })}`, {
      headers: { authorization: `Bearer ${ada.session.accessToken}` },
    });
  expect(await (await get('{ me { name } }')).json()).toEqual({ data: { me: { name: 'Ada' } } });
  const mutation = await get('mutation { signOutEverywhere { revokedSessions } }');
  expect(mutation.status).toBe(405);
  expect(mutation.headers.get('allow')).toBe('POST');
  await ada.ok(Me, {});
});

test('variables of a wrong type name the field', async () => {
  const ada = await world.user();
  const query = 'mutation($input: CreateTaskInput!) { createTask(input: $input) { task { id } } }';
  const { status, body } = await ada.send(query, { input: { title: 'x', priority: 'URGENT' } });
  expect(status).toBe(400);
  expect(body.errors?.[0]?.extensions).toMatchObject({
    code: 'VALIDATION_FAILED',
    fields: [{ field: 'input.priority' }],
  });
});

test.each([
  ['in a variable', { title: 'x', colour: 'red' }, 'input.colour'],
  [
    'in a list of a variable',
    { title: 'x', subtasks: [{ title: 'y' }, { title: 'z', colour: 'red' }] },
    'input.subtasks[1].colour',
  ],
])('a key that is not known is named by its path: %s', async (_, input, field) => {
  const ada = await world.user();
  const query = 'mutation($input: CreateTaskInput!) { createTask(input: $input) { task { id } } }';
  // As often as it takes until a document that comes again is compiled.
  for (let time = 0; time < 3; time += 1) {
    const { body } = await ada.send(query, { input });
    expect(body.errors?.[0]?.extensions?.['fields']).toEqual([{ field, rule: expect.stringContaining('colour') }]);
  }
});

test('a key that is not known is named in a document, and where only the use case does not know it', async () => {
  const ada = await world.user();
  const { body } = await ada.send('mutation { createTask(input: { title: "x", colour: 1 }) { task { id } } }');
  expect(body.errors?.[0]?.extensions?.['fields']).toEqual([{ field: 'colour', rule: expect.any(String) }]);
  const Input = z.strictObject({ subtasks: z.array(z.strictObject({ title: z.string() })) });
  const refused = () => parse(Input, { subtasks: [{ title: 'x', order: 1, colour: 1 }], pinned: true });
  expect(refused).toThrow(
    expect.objectContaining({
      details: {
        fields: ['subtasks.0.order', 'subtasks.0.colour', 'pinned'].map((field) => ({
          field,
          rule: 'is not a field of this input',
        })),
      },
    }),
  );
});

test('the same limits hold on the WebSocket', async () => {
  const ada = await world.user();
  const below =
    'template { instances(first: 100) { nodes { template { instances(first: 100) { nodes { subtasks { id } } } } } } }';
  const doubled = Array.from({ length: 25 }, (_, n) => `fragment F${n} on ChangeEdge { ...F${n + 1} ...F${n + 1} }`);
  for (const query of [
    nested(30),
    '{ me { password } }',
    `subscription { changes { node { entity { ... on Task { ${below} } } } } }`,
    `subscription { changes { ...F0 } } ${doubled.join(' ')} fragment F25 on ChangeEdge { cursor }`,
    `mutation { ${Array.from({ length: 11 }, (_, n) => `a${n}: startConversation(input: {}) { conversation { id } }`).join(' ')} }`,
  ]) {
    // What is refused by its variables has been prepared, and is answered as a result.
    const answer = await ada.socket
      .iterate({ query })
      .next()
      .then(
        ({ value }) => value?.errors,
        (errors: unknown) => errors,
      );
    expect(answer).toEqual([
      expect.objectContaining({ extensions: expect.objectContaining({ code: 'VALIDATION_FAILED' }) }),
    ]);
  }
});

test('an error of ours is masked, and logged with its request id', async () => {
  world.expectErrors(/masked-1/);
  const ada = await world.user();
  await world.sql('alter table auth.user rename to user_away');
  try {
    const { status, body } = await ada.send(Me, {}, { 'x-request-id': 'masked-1' });
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toMatch(/relation|auth\.user|stack/);
    expect(body.errors?.[0]?.extensions).toEqual({ code: 'INTERNAL', requestId: 'masked-1' });
  } finally {
    await world.sql('alter table auth.user_away rename to "user"');
  }
  expect(world.log.some((line) => line.includes('masked-1') && line.includes('user'))).toBe(true);
});

test('a follower without the right cursor is told so', async () => {
  const ada = await world.user();
  const follow = ada.follow(FollowChanges, { after: 'garbage' });
  await expect(follow.next()).rejects.toBeInstanceOf(Refused);
});
