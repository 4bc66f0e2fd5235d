import { Agent, request } from 'node:http';
import { expect, test } from '@jest/globals';
import { connectClient, eventually, harness } from '../support/harness.js';

const world = harness({ worker: false, config: { INTROSPECTION: 'false' } });

test.each(['{ __schema { types { name } } }', '{ __type(name: "Task") { fields { name } } }'])(
  'the schema is told to nobody where it must not be, over HTTP as over the socket: %s',
  async (query) => {
    const ada = await world.user();
    expect((await ada.send(query)).body.data).toBeUndefined();
    const refusal: unknown = await new Promise((resolve) => {
      ada.socket.subscribe({ query }, { next: resolve, error: resolve, complete: () => undefined });
    });
    expect(JSON.stringify(refusal)).toMatch(/introspection/i);
  },
);

test('a client that keeps its connection alive after its last answer does not keep the server from closing', async () => {
  const app = await world.startApp();
  const ada = await world.user();
  const holder = await connectClient(world.config.DATABASE_URL);
  await holder.query('begin');
  await holder.query('select from accounts.account for update');
  const agent = new Agent({ keepAlive: true });
  const answered = new Promise<number | undefined>((resolve, reject) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${ada.session.accessToken}` };
    const body = JSON.stringify({ query: 'mutation { createTask(input: { title: "x" }) { task { id } } }' });
    request(`${app.url}/graphql`, { agent, headers, method: 'POST' }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    })
      .on('error', reject)
      .end(body);
  });
  await eventually(
    () => world.sql("select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"),
    (waiting) => waiting.length > 0,
  );
  const closed = app.close();
  await eventually(
    () =>
      fetch(`${app.url}/health/live`).then(
        ({ ok }) => ok,
        () => false,
      ),
    (isOpen) => !isOpen,
  );
  await holder.query('rollback');
  await holder.end();
  expect(await answered).toBe(200);
  // The client never lets go, and the server would for longer than a test may take.
  await closed;
  agent.destroy();
});
