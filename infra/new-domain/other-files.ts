import type { DomainNames } from './names.js';

/** The migration that makes the domain's PostgreSQL schema and table. What the processes' role may do, `migrate` grants. */
export function migrationOf({ domain, thing, types }: DomainNames): string {
  return `-- ${types} have a schema and a table of their own.
create schema ${domain};

create table ${domain}.${thing} (
  account_id uuid not null,
  id uuid not null,
  title text not null,
  created_at timestamptz(3) not null,
  primary key (account_id, id),
  constraint ${thing}_account_id_foreign foreign key (account_id) references accounts.account (id) on delete cascade,
  constraint ${thing}_title_length check (char_length(btrim(title)) >= 1 and char_length(title) <= 200)
);
create index ${thing}_account_id_created_at_id_index on ${domain}.${thing} (account_id, created_at, id);
create index ${thing}_id_index on ${domain}.${thing} (id);
`;
}

/** The documents that clients, and the domain's tests, send. */
export function documentsOf({ domain, thing, type, types }: DomainNames): string {
  return `fragment ${type}Fields on ${type} {
  id
  title
  createdAt
}

query ${types}($first: Int, $after: String) {
  ${domain}(first: $first, after: $after) {
    totalCount
    edges {
      cursor
      node {
        ...${type}Fields
      }
    }
    pageInfo {
      hasNextPage
      hasPreviousPage
      startCursor
      endCursor
    }
  }
}

mutation Create${type}($input: Create${type}Input!) {
  create${type}(input: $input) {
    ${thing} {
      ...${type}Fields
    }
  }
}

mutation Delete${type}($input: Delete${type}Input!) {
  delete${type}(input: $input) {
    deletedId
  }
}
`;
}

/** What the contract promises of the domain, but for the fields of the roots and the kinds of events. */
export function contractOf({ domain, thing, type }: DomainNames): string {
  return `
# ---------------------------------------------------------------- ${domain}

type ${type} { id: ID! title: String! createdAt: DateTime! }
type ${type}Edge { cursor: String! node: ${type}! }
type ${type}Connection { edges: [${type}Edge!]! nodes: [${type}!]! pageInfo: PageInfo! totalCount: Int! }
input Create${type}Input { title: String! }
type ${type}Payload { ${thing}: ${type}! }
input Delete${type}Input { id: ID! }
`;
}

/** A test of each of the three things that a client can do. */
export function testOf({ domain, thing, type, types }: DomainNames): string {
  return `import { expect, test } from '@jest/globals';
import { Tier } from '../../entities/accounts/account.js';
import { Activity, Create${type}, Delete${type}, ${types} } from '../../generated/documents.js';
import { limitsOfPlan } from '../../src/accounts/index.js';
import { harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';
import type { Person } from '../support/person.js';

const world = harness({ worker: false });

async function create(person: Person, title: string): Promise<string> {
  return (await person.ok(Create${type}, { input: { title } })).create${type}.${thing}.id;
}

async function titlesOf(person: Person): Promise<string[]> {
  return nodesOf((await person.ok(${types}, {})).${domain}).map(({ title }) => title);
}

test('what an account creates is in its list, newest first, a page at a time, and in nobody else’s', async () => {
  const [ada, bob] = [await world.user(), await world.user('Bob')];
  for (const title of ['first', 'second', 'third']) await create(ada, title);
  expect(await titlesOf(ada)).toEqual(['third', 'second', 'first']);
  const { ${domain} } = await ada.ok(${types}, { first: 2 });
  expect(${domain}.totalCount).toBe(3);
  const rest = await ada.ok(${types}, { first: 2, after: ${domain}.pageInfo.endCursor });
  expect(nodesOf(rest.${domain}).map(({ title }) => title)).toEqual(['first']);
  expect(await titlesOf(bob)).toEqual([]);
});

test('a title has 1 to 200 characters', async () => {
  const ada = await world.user();
  for (const title of ['', 'x'.repeat(201)]) await ada.refused(Create${type}, { input: { title } }, 'VALIDATION_FAILED');
  await create(ada, 'x'.repeat(200));
});

test('an account has as many as its plan allows, and no more', async () => {
  const ada = await world.user();
  const { ${domain}: limit } = limitsOfPlan(Tier.FREE);
  await world.sql(
    \`insert into ${domain}.${thing} (account_id, id, title, created_at)
     select $1, gen_random_uuid(), 'x', now() from generate_series(2, $2)\`,
    [ada.id, limit],
  );
  await create(ada, 'the last one');
  const error = await ada.refused(Create${type}, { input: { title: 'one more' } }, 'LIMIT_REACHED');
  expect(error.extensions).toMatchObject({ limit, current: limit });
});

test('what is deleted is gone for good, once, by whoever has it', async () => {
  const [ada, bob] = [await world.user(), await world.user('Bob')];
  const id = await create(ada, 'x');
  await bob.refused(Delete${type}, { input: { id } }, 'FORBIDDEN');
  expect((await ada.ok(Delete${type}, { input: { id } })).delete${type}.deletedId).toBe(id);
  expect(await titlesOf(ada)).toEqual([]);
  await ada.refused(Delete${type}, { input: { id } }, 'NOT_FOUND');
});

test('its creation and its deletion are in the log', async () => {
  const ada = await world.user();
  const id = await create(ada, 'x');
  await ada.ok(Delete${type}, { input: { id } });
  const { activity } = await ada.ok(Activity, { filter: { entityId: id } });
  expect(nodesOf(activity).map(({ type }) => type)).toEqual(['${thing}.deleted', '${thing}.created']);
});
`;
}
