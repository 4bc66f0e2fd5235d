import { bearer, post } from './load.js';
import { populate, shuffled } from './population.js';
import { atMost, type Figure } from './report.js';
import { connections, figuresOf, inTurns } from './turns.js';
import type { World } from './world.js';

const readQuery = `{ tasks(first: 25) { totalCount nodes {
  id title description priority dueDate tags estimatedMinutes focusSeconds completed completedAt completedBy hidden archived
  version createdAt updatedAt subtasks { id title completed order } } } }`;
const writeQuery = `mutation($input: CreateTaskInput!) { createTask(input: $input) { task { id version subtasks { id title order } } } }`;

/** A list as long as most screens show. */
export const readBody = { query: readQuery };

/** The Pro plan's limit of tasks, for 200 accounts. */
export const read = { accounts: 200, tasks: 200, subtasks: 4 };
/** Accounts that write, each with what it may add to. */
export const write = { accounts: 3_000, tasks: 20, subtasks: 0 };

/** The newest 25 tasks with 4 subtasks each and the count of all 200, against one statement that returns JSON text. */
export async function benchRead(world: World): Promise<Figure[]> {
  const users = await world.users(read.accounts);
  await populate(world, users, read);
  const order = shuffled(users, connections);
  const requests = (url: string, body: object) =>
    order.map((connection) => connection.map((user) => post(url, body, bearer(user))));
  const outcomes = await inTurns(world, {
    product: requests(`${world.productUrl}/graphql`, readBody),
    limits: [{ name: 'one statement', requests: requests(`${world.limitUrl}/read`, {}), bar: 0.85 }],
    before: async () => undefined,
  });
  const { product, limits } = outcomes;
  return [
    ...figuresOf('read', outcomes),
    atMost('read', 'product: server CPU', product.serverMs, 'ms', 0.45),
    ...limits.map(({ databaseMs }) =>
      atMost('read', "PostgreSQL CPU, of the statement's", product.databaseMs / databaseMs, '', 1.2),
    ),
  ];
}

/** A task with 2 subtasks. */
export const writeBody = {
  query: writeQuery,
  variables: { input: { title: 'Write the brief', subtasks: [{ title: 'a' }, { title: 'b' }] } },
};

/** `createTask` with 2 subtasks and its event, against the same rows in one statement, and in one hand-written transaction. */
export async function benchWrite(world: World): Promise<Figure[]> {
  const users = await world.users(write.accounts);
  const order = shuffled(users, connections);
  const requests = (url: string) =>
    order.map((connection, index) =>
      // An account is written for by one connection, as a person mostly is.
      connection
        .filter((user) => users.indexOf(user) % connections === index)
        .map((user) => post(url, writeBody, bearer(user))),
    );
  const outcomes = await inTurns(world, {
    product: requests(`${world.productUrl}/graphql`),
    limits: [
      { name: 'one statement', requests: requests(`${world.limitUrl}/write-at-once`), bar: 0.5 },
      { name: 'one transaction', requests: requests(`${world.limitUrl}/write`), bar: 0.9 },
    ],
    // Each account may have 200 tasks.
    before: () => populate(world, users, write),
  });
  return [
    ...figuresOf('write', outcomes),
    atMost('write', 'product: server CPU', outcomes.product.serverMs, 'ms', 0.6),
    atMost('write', 'product: PostgreSQL CPU', outcomes.product.databaseMs, 'ms', 0.5),
  ];
}
