import { describe, expect, test } from '@jest/globals';
import { harness, json } from '../support/harness.js';

const world = harness({ shared: 'many inputs, each sent by a person of its own', worker: false, lastingTokens: true });

const saving = (literal: string) =>
  `mutation { updateProfile(input: { preferences: ${literal} }) { user { preferences } } }`;
const inDefault = (literal: string) =>
  `mutation ($p: JSONObject = ${literal}) { updateProfile(input: { preferences: $p }) { user { preferences } } }`;

describe.each([
  ['an argument', saving],
  ['a default of a variable', inDefault],
])('in %s', (_, query) => {
  test.each([
    ['{ theme: dark, size: 3 }', 'theme', 'quotes'],
    ['{ list: [dark, 1] }', 'list[0]', 'quotes'],
    ['{ a: { b: [1, { c: dark }] } }', 'a.b[1].c', 'quotes'],
    ['{ f: 1e400 }', 'f', 'too large'],
    ['{ f: -1e400 }', 'f', 'too large'],
    ['{ f: 1e-400 }', 'f', 'too small'],
    ['{ n: 9007199254740993 }', 'n', '2^53'],
    ['{ n: [-123456789012345678901234567890] }', 'n[0]', '2^53'],
  ])('%s is refused by its key, and nothing is stored', async (literal, key, reason) => {
    const ada = await world.user();
    // As often as it takes until a document that comes again is compiled.
    for (let time = 0; time < 5; time += 1) {
      const { status, body } = await ada.send(query(literal));
      expect(status).toBe(400);
      expect(body.errors).toEqual([
        expect.objectContaining({
          message: expect.stringContaining(reason),
          extensions: expect.objectContaining({
            code: 'VALIDATION_FAILED',
            fields: [{ field: key, rule: expect.stringContaining(`at "${key}"`) }],
          }),
        }),
      ]);
    }
    expect((await ada.send('{ me { preferences } }')).body.data).toEqual({ me: { preferences: {} } });
  });

  test.each([
    ['{ theme: "dark", on: true, off: false, none: null }', { theme: 'dark', on: true, off: false, none: null }],
    ['{ n: 9007199254740991, m: -9007199254740991 }', { n: 9007199254740991, m: -9007199254740991 }],
    ['{ f: 1e308, g: 1e-300, zero: 0e-999, list: [] }', { f: 1e308, g: 1e-300, zero: 0, list: [] }],
    ['{ __proto__: { a: 1 } }', JSON.parse('{ "__proto__": { "a": 1 } }')],
  ])('%s is stored as it is written', async (literal, stored) => {
    const ada = await world.user();
    const { body } = await ada.send(query(literal));
    expect(body.errors).toBeUndefined();
    expect(JSON.stringify(body.data)).toBe(JSON.stringify({ updateProfile: { user: { preferences: stored } } }));
  });
});

test('over a socket they are refused alike, and a variable stands for any value', async () => {
  const ada = await world.user();
  const refusal: unknown = await new Promise((resolve) => {
    const query = saving('{ theme: dark }');
    ada.socket.subscribe({ query }, { next: resolve, error: resolve, complete: () => undefined });
  });
  expect(JSON.stringify(refusal)).toContain('VALIDATION_FAILED');
  const withVariable =
    'mutation ($t: String) { updateProfile(input: { preferences: { theme: $t } }) { user { preferences } } }';
  const { body } = await ada.send(withVariable, { t: 'dark' });
  expect(body.data).toEqual({ updateProfile: { user: { preferences: { theme: 'dark' } } } });
});

test.each([
  ['{"a":{"b":[1,1e400]}}', 'a.b[1]'],
  ['{"n":-1e400}', 'n'],
  [`{"nines":${'9'.repeat(400)}}`, 'nines'],
])('a variable with a number that JSON readers take for infinite is refused by its key: %s', async (text, key) => {
  const ada = await world.user();
  const query = 'mutation ($p: JSONObject) { updateProfile(input: { preferences: $p }) { user { preferences } } }';
  const response = await fetch(`${ada.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${ada.session.accessToken}` },
    body: `{"query":${JSON.stringify(query)},"variables":{"p":${text}}}`,
  });
  expect(response.status).toBe(400);
  const { errors } = await json<{ errors: { message: string; extensions: { code: string } }[] }>(response);
  expect(errors).toMatchObject([
    { message: expect.stringContaining(`at "${key}"`), extensions: { code: 'VALIDATION_FAILED' } },
  ]);
  expect((await ada.send('{ me { preferences } }')).body.data).toEqual({ me: { preferences: {} } });
});
