import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { print } from 'graphql';
import { Changes, FollowChanges, Me } from '../../generated/documents.js';
import { schemaOf } from '../../resolvers/index.js';
import { Documents } from '../../src/platform/graphql/documents.js';
import { hashOf, TrustedDocuments } from '../../src/platform/graphql/trusted-documents.js';
import { Harness, harness, postJson } from '../support/harness.js';
import type { Person } from '../support/person.js';
import { RawSocket } from '../support/raw-socket.js';

const me = print(Me);
const followChanges = print(FollowChanges);
const start = 'mutation Start { startConversation(input: {}) { conversation { title } } }';
const texts = [me, followChanges, start];
const manifest = join(mkdtempSync(join(tmpdir(), 'trusted-')), 'documents.json');
writeFileSync(manifest, JSON.stringify(Object.fromEntries(texts.map((text) => [hashOf(text), text]))));

const shared = 'what an app trusts does not change while it runs';
const any = harness({ worker: false, shared, config: { TRUSTED_DOCUMENTS_FILE: manifest } });
const only = harness({
  worker: false,
  shared,
  config: { TRUSTED_DOCUMENTS: 'only', TRUSTED_DOCUMENTS_FILE: manifest },
});

const named = (hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: hash } } });
const unknown = hashOf('{ me { email } }');

async function post(person: Person, body: object) {
  const authorization = `Bearer ${person.session.accessToken}`;
  const response = await postJson(`${person.url}/graphql`, body, { authorization });
  return { status: response.status, body: await response.json() };
}

test('a trusted document is run by its SHA-256 alone: by POST, by GET, and over a WebSocket', async () => {
  const ada = await any.user();
  const answer = { data: { me: expect.objectContaining({ id: ada.id }) } };
  for (const hash of [hashOf(me), hashOf(me).toUpperCase()]) {
    expect(await post(ada, named(hash))).toEqual({ status: 200, body: answer });
  }
  expect((await post(ada, named(hashOf(start)))).body).toEqual({
    data: { startConversation: { conversation: { title: 'New conversation' } } },
  });
  const extensions = encodeURIComponent(JSON.stringify(named(hashOf(me)).extensions));
  const got = await fetch(`${ada.url}/graphql?extensions=${extensions}`, {
    headers: { authorization: `Bearer ${ada.session.accessToken}` },
  });
  expect(await got.json()).toEqual(answer);
  const results = ada.socket.iterate({ query: '', ...named(hashOf(me)) });
  expect((await results.next()).value).toEqual(answer);
  const after = (await ada.ok(Changes, {})).changes.pageInfo.endCursor;
  const changes = ada.socket.iterate({ query: '', variables: { after }, ...named(hashOf(followChanges)) });
  await post(ada, { query: 'mutation { createTask(input: { title: "Seen" }) { task { id } } }' });
  expect((await changes.next()).value).toMatchObject({ data: { changes: { node: { type: 'task.created' } } } });
});

test.each<[string, object]>([
  ['absent', {}],
  ['null', { query: null }],
  ['empty', { query: '' }],
])('over HTTP and over a WebSocket the text may be %s where the SHA-256 says it', async (_, text) => {
  const ada = await any.user();
  const payload = { ...text, ...named(hashOf(me)) };
  const answer = { data: { me: expect.objectContaining({ id: ada.id }) } };
  expect(await post(ada, payload)).toEqual({ status: 200, body: answer });
  const socket = await new RawSocket(ada.url).init(ada);
  socket.send({ type: 'subscribe', id: 'known', payload });
  socket.send({ type: 'subscribe', id: 'unknown', payload: { ...text, ...named(unknown) } });
  expect((await socket.until(({ id }) => id === 'known')).payload).toEqual(answer);
  expect(await socket.until(({ id }) => id === 'unknown')).toMatchObject({
    type: 'error',
    payload: [{ message: 'PersistedQueryNotFound' }],
  });
  // It said neither what to run nor by which hash.
  socket.send({ type: 'subscribe', id: 'nothing', payload: { query: null, extensions: {} } });
  expect((await socket.closed).code).toBe(4_400);
});

test('a SHA-256 that nobody knows is answered as clients of persisted queries expect it', async () => {
  const ada = await any.user();
  const error = {
    message: 'PersistedQueryNotFound',
    extensions: { code: 'NOT_FOUND', requestId: expect.any(String) },
  };
  expect(await post(ada, named(unknown))).toEqual({ status: 404, body: { errors: [error] } });
  await expect(ada.socket.iterate({ query: '', ...named(unknown) }).next()).rejects.toEqual([
    expect.objectContaining(error),
  ]);
});

test('clients register nothing: a text with its SHA-256 is run, and is unknown afterwards', async () => {
  const ada = await any.user();
  const query = '{ me { email } }';
  expect((await post(ada, { query, ...named(unknown) })).body).toEqual({ data: { me: { email: expect.any(String) } } });
  expect((await post(ada, named(unknown))).body).toMatchObject({ errors: [{ message: 'PersistedQueryNotFound' }] });
});

test.each<[string, object]>([
  ['a text with another SHA-256', { query: '{ me { id } }', ...named(unknown) }],
  ['a trusted SHA-256 with another text', { query: '{ me { id } }', ...named(hashOf(me)) }],
  ['another version', { extensions: { persistedQuery: { version: 2, sha256Hash: hashOf(me) } } }],
  ['no SHA-256', { extensions: { persistedQuery: { version: 1 } } }],
  ['half a SHA-256', named(hashOf(me).slice(32))],
  ['__proto__', named('__proto__')],
])('%s is bad input', async (_, body) => {
  const ada = await any.user();
  expect(await post(ada, body)).toMatchObject({
    status: 400,
    body: { errors: [{ extensions: { code: 'VALIDATION_FAILED', requestId: expect.any(String) } }] },
  });
});

test('where only trusted documents are run all others are refused, by text and over sockets as well', async () => {
  const ada = await only.user();
  const answer = { data: { me: expect.objectContaining({ id: ada.id }) } };
  expect((await post(ada, named(hashOf(me)))).body).toEqual(answer);
  expect((await post(ada, { query: me })).body).toEqual(answer);
  for (const query of ['{ me { id } }', `${me} `, '{ __typename }', '{ __schema { types { name } } }', '} no {']) {
    expect(await post(ada, { query })).toMatchObject({
      status: 403,
      body: { errors: [{ extensions: { code: 'FORBIDDEN', requestId: expect.any(String) } }] },
    });
  }
  await expect(ada.socket.iterate({ query: '{ me { id } }' }).next()).rejects.toEqual([
    expect.objectContaining({ extensions: expect.objectContaining({ code: 'FORBIDDEN' }) }),
  ]);
  const stranger = await postJson(`${only.url}/graphql`, { query: '{ __schema { types { name } } }' });
  expect(stranger.status).toBe(401);
});

test('a manifest whose texts and hashes do not belong together is refused, and so is a file that is not there', async () => {
  expect(() => TrustedDocuments.parse(JSON.stringify({ [hashOf(me)]: '{ me { id } }' }))).toThrow('another SHA-256');
  expect(() => TrustedDocuments.parse('{"abc": "{ me { id } }"}')).toThrow();
  const missing = join(tmpdir(), 'not-there.json');
  expect((await TrustedDocuments.read(missing, { mayBeMissing: true })).isEmpty).toBe(true);
  for (const TRUSTED_DOCUMENTS of ['only', 'any']) {
    const bare = new Harness({ config: { TRUSTED_DOCUMENTS, TRUSTED_DOCUMENTS_FILE: missing } });
    await expect(bare.start()).rejects.toThrow(`TRUSTED_DOCUMENTS_FILE: ${missing}: there is no such file`);
    await bare.stop();
  }
});

test('a trusted document is compiled at once', async () => {
  const trusted = await TrustedDocuments.read(manifest);
  const documents = new Documents(schemaOf({ movableClock: true }), {
    introspection: true,
    suggestions: true,
    trusted,
  });
  const { extensions } = named(hashOf(me));
  await documents.prepare({ extensions, signedIn: true }).admit({}).run(undefined, {});
  expect(documents.kept.compiled).toBeGreaterThan(0);
});
