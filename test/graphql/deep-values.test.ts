import { expect, test } from '@jest/globals';
import { harness } from '../support/harness.js';

const world = harness({ worker: false });
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
    const variables: Record<string, unknown> = JSON.parse(`{"p":${nested(1_000)}}`);
    ada.socket.subscribe({ query: update, variables }, { next: resolve, error: resolve, complete: () => undefined });
  });
  expect(JSON.stringify(refusal)).toContain('VALIDATION_FAILED');
});
