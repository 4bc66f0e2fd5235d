import { createHash } from 'node:crypto';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { persistedExchange } from '@urql/exchange-persisted';
import type { Client } from 'graphql-ws';
import { Changes, CreateTask } from '../../generated/documents.js';
import { freePort } from '../support/free-port.js';
import { harness } from '../support/harness.js';
import type { Person } from '../support/person.js';
import { type RoleProcess, startRoles } from '../support/role.js';
import { ApolloApp, apolloClient } from './apollo-app.js';
import { Page } from './page.js';
import { openSocket } from './socket.js';
import { UrqlApp, urqlClient } from './urql-app.js';

// Before its database is dropped.
afterEach(async () => {
  await page.close();
  await socket.dispose();
  await server.terminate();
});
const world = harness({ worker: false });
/** Where the pages' server listens, also after a restart. It is a process of its own: ours has a browser's globals. */
let port: number;
let server: RoleProcess;
let ada: Person;
let page: Page;
let socket: Client;

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const token = () => ada.session.accessToken;

/** It takes the documents of `operations/` and no others. */
const startServer = () => startRoles({ ...world.config, PORT: port, TRUSTED_DOCUMENTS: 'only' }, ['api']);

beforeEach(async () => {
  port = await freePort();
  server = await startServer();
  ada = await world.user();
  for (const title of ['One', 'Two', 'Three']) await ada.ok(CreateTask, { input: { title } });
  page = new Page(server.url);
  socket = openSocket(server.url, token);
});

/** The place in the log that a page begins to follow at. */
async function now(): Promise<string> {
  const { endCursor } = (await ada.ok(Changes, {})).changes.pageInfo;
  return endCursor ?? '';
}

/** What both apps can do. */
async function useApp(): Promise<void> {
  await page.shows('.task', ['One', 'Two']);
  await page.shows('#total', ['3']);
  await page.click('#more');
  await page.shows('.task', ['One', 'Two', 'Three']);
  await page.click('#create');
  await page.shows('#total', ['4']);
  await world.model({ text: 'Begin with the first thing.', tokensPerSecond: 100 });
  await page.click('#ask');
  await page.shows('#state', ['COMPLETE']);
  await page.shows('#answer', ['Begin with the first thing.']);
  const followed = [
    ...['task.created', 'conversation.created', 'chat_message.created', 'chat_message.created'],
    ...['ai.request', 'chat_message.completed', 'ai.credits_consumed'],
  ];
  await page.shows('.change', followed);

  await server.terminate();
  server = await startServer();
  await ada.ok(CreateTask, { input: { title: 'After the restart' } });
  await page.shows('.change', [...followed, 'task.created']);
  expect(document.querySelector('#error')?.textContent).toBe('');
}

test('a React app with Apollo Client lists, pages, creates, reads an answer and comes back after a restart', async () => {
  const client = apolloClient(server.url, token, socket, [new PersistedQueryLink({ sha256 })]);
  page.render(<ApolloApp client={client} after={await now()} />);
  await useApp();
  client.stop();
});

test("a subtask that is added shows in Apollo Client's cache without another question", async () => {
  const client = apolloClient(server.url, token, socket, [new PersistedQueryLink({ sha256 })]);
  page.render(<ApolloApp client={client} after={await now()} />);
  await page.click('#divide');
  await page.shows('.task', ['One: A step', 'Two']);
  client.stop();
});

test('a React app with urql lists, pages, creates, reads an answer and comes back after a restart', async () => {
  const client = urqlClient(server.url, token, socket, [
    persistedExchange({ enforcePersistedQueries: true, enableForMutation: true }),
  ]);
  page.render(<UrqlApp client={client} after={await now()} />);
  await useApp();
});

test("what joins an empty list, or leaves one, shows in urql's document cache", async () => {
  ada = await world.user();
  const client = urqlClient(server.url, token, socket, [
    persistedExchange({ enforcePersistedQueries: true, enableForMutation: true }),
  ]);
  page.render(<UrqlApp client={client} after={await now()} />);
  await page.shows('#total', ['0']);
  await page.click('#create');
  await page.shows('.task', ['Made here']);
  await page.click('.delete');
  await page.shows('#total', ['0']);
  await page.shows('.task', []);
});
