import { expect, test } from '@jest/globals';
import { Changes, FollowChanges, Me, SendChatMessage } from '../../generated/documents.js';
import { harness, postJson } from '../support/harness.js';
import type { Person } from '../support/person.js';
import { RawSocket } from '../support/raw-socket.js';

const world = harness({
  config: {
    RATE_LIMIT_PER_MINUTE: '8',
    SUBSCRIPTION_RATE_LIMIT_PER_MINUTE: '20',
    AI_RATE_LIMIT_PER_MINUTE: '3',
  },
});

test('a user’s requests are counted, told in headers, and refused with 429', async () => {
  const [ada, bob] = [await world.user(), await world.user('Bob')];
  const first = await ada.send(Me);
  expect(first.headers.get('x-ratelimit-limit')).toBe('8');
  expect(first.headers.get('x-ratelimit-remaining')).toBe('7');
  const sent = [];
  for (let count = 0; count < 8; count += 1) sent.push(await ada.send(Me));
  const last = sent.at(-1);
  expect(last?.status).toBe(429);
  expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(last?.headers.get('x-ratelimit-remaining')).toBe('0');
  expect(last?.body.errors?.[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfter: expect.any(Number) });
  await bob.ok(Me, {});
  // On a WebSocket queries count as well; a reader that reconnects is not locked out.
  await expect(ada.socket.iterate({ query: '{ me { id } }' }).next()).rejects.toEqual([
    expect.objectContaining({ extensions: expect.objectContaining({ code: 'RATE_LIMITED' }) }),
  ]);
  void ada.follow(FollowChanges, {}).next();
});

const left = async (ada: Person, query: string) => Number((await ada.send(query)).headers.get('x-ratelimit-remaining'));

test('each root field of a mutation counts, and what does not fit is not executed', async () => {
  const ada = await world.user();
  const create = (count: number) =>
    `mutation { ${Array.from({ length: count }, (_, index) => `t${index}: createTask(input: { title: "x" }) { task { id } }`).join(' ')} }`;
  expect(await left(ada, create(4))).toBe(4);
  const refused = await ada.send(create(5));
  expect(refused.status).toBe(429);
  expect(refused.body.errors?.[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', limit: 8 });
  expect(await left(ada, '{ tasks { totalCount } }')).toBe(2);
  expect((await ada.send('{ tasks { totalCount } }')).body.data).toEqual({ tasks: { totalCount: 4 } });
});

test('a query counts as one for each ten root fields that it has begun, by whatever names and fragments', async () => {
  const ada = await world.user();
  const query = (count: number) =>
    `{ ...F ${Array.from({ length: count - 1 }, (_, index) => `m${index}: me { id }`).join(' ')} } fragment F on Query { me { id } }`;
  expect(await left(ada, query(10))).toBe(7);
  expect(await left(ada, query(11))).toBe(5);
  expect(await left(ada, query(40))).toBe(1);
  expect((await ada.send(query(20))).status).toBe(429);
});

test('an operation counts as one for each 2,500 objects that it has begun', async () => {
  const ada = await world.user();
  const query = (size: number) => `{ tasks(first: ${size}) { nodes { description subtasks { id title } } } }`;
  expect(await left(ada, query(80))).toBe(7);
  expect(await left(ada, query(100))).toBe(5);
  expect(await refusalOf(ada, `{ a: ${query(100).slice(1, -1)} b: ${query(100).slice(1, -1)} }`)).toBeUndefined();
  expect(await left(ada, '{ me { id } }')).toBe(1);
  expect((await ada.send(query(100))).status).toBe(429);
});

test('each further 16 KB of a body count as one, whatever is in them, and so do those of a message', async () => {
  const ada = await world.user();
  const padded = (length: number) => `{ me { id } }${' '.repeat(length)}`;
  expect(await left(ada, padded(16_000))).toBe(7);
  // The headers of an answer were set when its request came in.
  await ada.send(padded(40_000));
  expect(await left(ada, padded(0))).toBe(3);
  const broken = await fetch(`${world.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${ada.session.accessToken}` },
    body: `{${' '.repeat(40_000)}`,
  });
  expect(broken.status).toBe(400);
  expect((await ada.send('{ me { id } }')).status).toBe(429);
  const person = await world.user('Bob');
  const bob = await new RawSocket(world.url).init(person);
  const message = (id: string) => ({ type: 'subscribe', id, payload: { query: padded(0), extensions: { x: filler } } });
  const filler = 'x'.repeat(8 * 16_384);
  bob.send(message('1'));
  await bob.until(({ type }) => type === 'complete');
  bob.send(message('2'));
  await bob.until(({ type, id }) => type === 'complete' && id === '2');
  bob.send(message('3'));
  expect((await bob.closed).code).toBe(4_429);
});

test('whoever goes on regardless of refusals waits for each, and the others do not', async () => {
  const [ada, bob] = [await world.user(), await world.user('Bob')];
  for (let count = 0; count < 28; count += 1) await ada.send(Me);
  let isAnswered = false;
  const refused = ada.send(Me).finally(() => {
    isAnswered = true;
  });
  await bob.ok(Me, {});
  expect(isAnswered).toBe(false);
  expect((await refused).status).toBe(429);
});

test('what is invalid or refused counts, over HTTP as over the socket', async () => {
  const ada = await world.user();
  expect(await left(ada, '{ nothing }')).toBe(7);
  expect(await left(ada, '{ me { id ')).toBe(6);
  expect(await left(ada, 'subscription { changes { cursor } }')).toBe(5);
  const refusals = [];
  for (let count = 0; count < 6; count += 1) refusals.push(await refusalOf(ada, '{ nothing }'));
  expect(refusals).toEqual([...Array.from({ length: 5 }, () => 'VALIDATION_FAILED'), 'RATE_LIMITED']);
  expect((await ada.send(Me)).status).toBe(429);
});

test('opening subscriptions has an allowance of its own, so that a page that reconnects is not locked out', async () => {
  const ada = await world.user();
  for (let count = 0; count < 8; count += 1) await ada.ok(Me, {});
  const answers = [];
  for (let count = 0; count < 21; count += 1)
    answers.push(
      await refusalOf(
        ada,
        'subscription { chatStream(messageId: "01a1fcb8-843a-7789-8223-3827ceec75ef") { __typename } }',
      ),
    );
  expect(answers.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 'NOT_FOUND'));
  expect(answers.at(-1)).toBe('RATE_LIMITED');
});

/** The code that an operation on the socket is refused with. */
function refusalOf(person: Person, query: string): Promise<unknown> {
  const codeOf = (errors: unknown) => (Array.isArray(errors) ? errors[0]?.extensions?.code : undefined);
  return new Promise((resolve) => {
    person.socket.subscribe(
      { query },
      {
        next: ({ errors }) => resolve(codeOf(errors)),
        error: (errors) => resolve(codeOf(errors)),
        complete: () => undefined,
      },
    );
  });
}

test('AI operations have a bucket of their own', async () => {
  const ada = await world.user();
  await world.model({ tokensPerSecond: 0 });
  const input = { content: 'Hello' };
  for (let count = 0; count < 3; count += 1) await ada.ok(SendChatMessage, { input });
  const { status, headers, body } = await ada.send(SendChatMessage, { input });
  expect(status).toBe(429);
  expect(headers.get('retry-after')).not.toBeNull();
  expect(body.errors?.[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', limit: 3 });
  await ada.ok(Me, {});
});

test('an address may ask for tokens 10 times a minute', async () => {
  const { url } = await world.another({ config: { AUTH_RATE_LIMIT_PER_MINUTE: '10' } });
  const answers = [];
  for (let count = 0; count < 11; count += 1) {
    answers.push(await postJson(`${url}/api/v1/auth/refresh`, { refreshToken: 'invented' }));
  }
  const last = answers.at(-1);
  expect(last?.status).toBe(429);
  expect(await last?.json()).toMatchObject({ error: { code: 'RATE_LIMITED', retryAfter: expect.any(Number) } });
  expect(last?.headers.get('retry-after')).not.toBeNull();
});

test('events beyond what an account may have come later, each once and in order', async () => {
  const ada = await world.user();
  // 20 openings a minute are worth 833 objects a second: some 30 of these events.
  await world.sql(
    `with made as (
       insert into activity.event (account_id, number, at, type, source, entity_type, entity_id, metadata, request_id)
       select id, head + n, $2, 'user.updated', 'USER', 'user', id, '{}', 'x'
       from accounts.account, generate_series(1, 40) as n where id = $1
     )
     update accounts.account set head = head + 40 where id = $1`,
    [ada.id, world.clock.now()],
  );
  const { changes } = await ada.ok(Changes, { first: 1 });
  const after = changes.pageInfo.endCursor;
  const read = async () => {
    const cursors: string[] = [];
    for await (const event of ada.follow(FollowChanges, { after })) {
      cursors.push(event.changes.cursor);
      if (cursors.length === 40) break;
    }
    return cursors;
  };
  const [one, other] = await Promise.all([read(), read()]);
  expect(new Set(one).size).toBe(40);
  expect(other).toEqual(one);
});
