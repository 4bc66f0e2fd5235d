import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isNestedDeeper } from '../../src/platform/json-depth.js';
import { harness } from '../support/harness.js';
import { RawSocket } from '../support/raw-socket.js';

const world = harness({ shared: 'many inputs, each sent by a person of its own', worker: false });
const update = 'mutation($p: JSONObject) { updateProfile(input: { preferences: $p }) { user { preferences } } }';

/** JSON of an object that is nested this deep. */
const nested = (depth: number) => `${'{"a":'.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}`;
const lists = (depth: number) => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;

test.each([
  ['objects', nested],
  ['lists', lists],
])('preferences may have 20 levels of %s', async (_, make) => {
  const ada = await world.user();
  const twenty: object = JSON.parse(make(20));
  expect((await ada.send(update, { p: twenty })).body.data).toEqual({
    updateProfile: { user: { preferences: twenty } },
  });
  for (const depth of [21, 39]) {
    const { status, body } = await ada.send(update, { p: JSON.parse(make(depth)) });
    expect(status).toBe(400);
    expect(body.errors?.[0]?.extensions).toMatchObject({ code: 'VALIDATION_FAILED', fields: [{ field: 'p' }] });
  }
});

/** Sends a body as it is: making one of thousands of levels would exhaust our own stack. */
async function sendRaw(token: string, variables: string, key: Record<string, string>) {
  const response = await fetch(`${world.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...key },
    body: `{"query":${JSON.stringify(update)},"variables":${variables}}`,
  });
  return { status: response.status, body: await response.json() };
}

test.each([
  ['preferences of 5,000 levels', `{"p":${nested(5_000)}}`],
  ['lists of 100,000 levels', `{"p":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`],
  ['a variable that nobody declared', `{"q":${nested(5_000)}}`],
  ['variables that are a list', '[]'],
  ['more variables than any document declares', `{${Array.from({ length: 251 }, (_, index) => `"v${index}":1`)}}`],
])('%s are bad input, with a key or without', async (_, variables) => {
  const { session } = await world.user();
  const keys: Record<string, string>[] = [{}, { 'idempotency-key': 'deep' }];
  for (const key of keys) {
    expect(await sendRaw(session.accessToken, variables, key)).toEqual({
      status: 400,
      body: {
        errors: [
          {
            message: expect.any(String),
            extensions: expect.objectContaining({
              code: 'VALIDATION_FAILED',
              fields: [{ field: expect.any(String), rule: expect.any(String) }],
            }),
          },
        ],
      },
    });
  }
});

test('a literal is held to the same depth, and so is what comes over the socket', async () => {
  const ada = await world.user();
  const literal = (depth: number) => nested(depth).replaceAll('"', '');
  const withLiteral = (depth: number) =>
    `mutation { updateProfile(input: { preferences: ${literal(depth)} }) { user { id } } }`;
  expect((await ada.send(withLiteral(20))).body.errors).toBeUndefined();
  for (const depth of [21, 700]) {
    const { status, body } = await ada.send(withLiteral(depth));
    expect(status).toBe(400);
    expect(body.errors?.[0]?.extensions).toMatchObject({ code: 'VALIDATION_FAILED' });
  }
  const refusal: unknown = await new Promise((resolve) => {
    const variables: Record<string, unknown> = JSON.parse(`{"p":${nested(55)}}`);
    ada.socket.subscribe({ query: update, variables }, { next: resolve, error: resolve, complete: () => undefined });
  });
  expect(JSON.stringify(refusal)).toContain('VALIDATION_FAILED');
});

/** Levels of lists and objects. */
function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

test('how deep a text is nested is known before it is parsed, whatever its strings have in them', () => {
  const text = fc.string({ unit: fc.constantFrom('"', '\\', '[', ']', '{', '}', 'a', '\n') });
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 6 }, text, fc.integer(), fc.array(tie('value')), fc.dictionary(text, tie('value'))),
  }));
  fc.assert(
    fc.property(value, fc.constantFrom(undefined, 2), (each, space) => {
      const [json, depth] = [JSON.stringify(each, null, space), depthOf(each)];
      expect([isNestedDeeper(json, depth), depth > 0 && isNestedDeeper(json, depth - 1)]).toEqual([false, depth > 0]);
    }),
    { numRuns: 1_000 },
  );
  for (const broken of ['', '"', '"\\', '"\\"', ']]]', '[}', '{"a']) expect(isNestedDeeper(broken, 1)).toBe(false);
});

test.each(['extensions', 'variables', 'anything'])(
  'a body whose %s are nested deep is not even parsed',
  async (name) => {
    const { session } = await world.user();
    const send = async (body: string) => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${session.accessToken}` };
      const response = await fetch(`${world.url}/graphql`, { method: 'POST', headers, body });
      return { status: response.status, body: await response.json() };
    };
    const deep = (levels: number) => `{"query":"{ __typename }","${name}":${nested(levels)}}`;
    expect(await send(deep(40))).toMatchObject({ status: 200 });
    expect(await send(deep(20_000))).toMatchObject({
      status: 400,
      body: { errors: [{ extensions: { fields: [{ field: 'body', rule: 'may be nested 64 levels deep' }] } }] },
    });
  },
);

test('a message that is nested deep closes its socket, before anybody has signed in as after it', async () => {
  const stranger = await new RawSocket(world.url).open();
  stranger.sendText(`{"type":"connection_init","payload":${nested(5_000)}}`);
  expect((await stranger.closed).code).toBe(4_400);
  const person = await world.user();
  const ada = await new RawSocket(world.url).init(person);
  ada.sendText(`{"type":"subscribe","id":"1","payload":{"query":"{ me { id } }","extensions":${nested(5_000)}}}`);
  expect((await ada.closed).code).toBe(4_400);
});
