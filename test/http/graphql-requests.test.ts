import { expect, test } from '@jest/globals';
import { harness } from '../support/harness.js';

const world = harness({ shared: 'many requests that change nothing', worker: false });
const json = { 'content-type': 'application/json' };
const query = '{"query":"{ me { name } }"}';

/** What a signed-in user's request is answered, errors by their code and field. */
async function answerTo(init: RequestInit, search = '') {
  const { session } = await world.user();
  const response = await fetch(`${world.url}/graphql${search}`, {
    ...init,
    headers: { authorization: `Bearer ${session.accessToken}`, ...init.headers },
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
}

test.each([
  [
    'a form',
    { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'query=x' },
    415,
  ],
  ['a body that is packed', { method: 'POST', headers: { ...json, 'content-encoding': 'gzip' }, body: query }, 415],
  ['plain text', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: query }, 415],
  ['an answer of another kind', { method: 'POST', headers: { ...json, accept: 'text/csv' }, body: query }, 406],
  [
    'an answer of another kind, whatever the body,',
    { method: 'POST', headers: { ...json, accept: 'x/y' }, body: '{' },
    406,
  ],
  ['another method', { method: 'PUT', headers: json, body: query }, 405],
  ['a batch', { method: 'POST', headers: json, body: `[${query},${query}]` }, 400],
  ['a number', { method: 'POST', headers: json, body: '7' }, 400],
  ['nothing', { method: 'POST', headers: json, body: '' }, 400],
  ['a query that is no text', { method: 'POST', headers: json, body: '{"query":{}}' }, 400],
  [
    'a name that is no text',
    { method: 'POST', headers: json, body: '{"query":"{ me { id } }","operationName":7}' },
    400,
  ],
  [
    'extensions that are a list',
    { method: 'POST', headers: json, body: '{"query":"{ me { id } }","extensions":[]}' },
    400,
  ],
  ['a request without a query', { method: 'POST', headers: json, body: '{"variables":{}}' }, 400],
])('%s is refused as bad input, with what should have been', async (_, init, status) => {
  const answer = await answerTo(init);
  expect(answer.status).toBe(status);
  expect(answer.body).toEqual({
    errors: [
      {
        message: expect.any(String),
        extensions: {
          code: 'VALIDATION_FAILED',
          requestId: answer.headers.get('x-request-id'),
          fields: [{ field: expect.any(String), rule: expect.any(String) }],
        },
      },
    ],
  });
  expect(answer.headers.get('allow')).toBe(status === 405 ? 'GET, POST' : null);
});

test.each(['?query={me{name}}&variables=%7B', '?query={me{name}}&query={me{id}}', '?variables=%7B%7D', '?query'])(
  'a URL like %s is refused as bad input',
  async (search) => {
    expect(await answerTo({}, search)).toMatchObject({
      status: 400,
      body: { errors: [{ extensions: { code: 'VALIDATION_FAILED' } }] },
    });
  },
);

test.each([
  [undefined, 'application/json; charset=utf-8'],
  ['*/*', 'application/json; charset=utf-8'],
  ['application/json; charset=utf-8', 'application/json; charset=utf-8'],
  ['application/graphql-response+json', 'application/graphql-response+json; charset=utf-8'],
  ['application/graphql-response+json, application/json;q=0.9', 'application/graphql-response+json; charset=utf-8'],
  ['application/graphql-response+json;q=0.5, application/json', 'application/json; charset=utf-8'],
])('a client that accepts %s gets %s', async (accept, type) => {
  const answer = await answerTo({ method: 'POST', headers: accept ? { ...json, accept } : json, body: query });
  expect(answer.body).toEqual({ data: { me: { name: 'Ada' } } });
  expect(answer.headers.get('content-type')).toBe(type);
  expect(answer.headers.get('cache-control')).toBe('no-store');
});

test.each([
  ['a token that is no good', { authorization: 'Bearer x' }, '{"query":"{ me { id } }"}', 401],
  ['no JSON', {}, '{', 400],
  ['a body that is too large', {}, JSON.stringify({ query: ' '.repeat(300_000) }), 413],
  ['no document', {}, '{}', 400],
  ['no answer that it takes', { accept: 'text/csv' }, query, 406],
])('a refusal for %s has the media type that the client asked for', async (_, headers, body, status) => {
  const types = ['application/graphql-response+json', 'application/json'].map(async (accept) => {
    const answer = await answerTo({ method: 'POST', headers: { ...json, accept, ...headers }, body });
    expect(answer.status).toBe(status);
    return answer.headers.get('content-type');
  });
  const graphql = status === 406 ? 'application/json' : 'application/graphql-response+json';
  expect(await Promise.all(types)).toEqual([`${graphql}; charset=utf-8`, 'application/json; charset=utf-8']);
});
