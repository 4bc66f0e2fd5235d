import { expect, test } from '@jest/globals';
import { isObjectType } from 'graphql';
import { schemaOf } from '../../resolvers/index.js';
import { harness } from '../support/harness.js';
import { staleIn } from '../support/stale.js';

const world = harness({ worker: false });
const schema = schemaOf({ movableClock: true });
const law = 'test/laws/bounded-texts.test.ts';

/** Texts that no user of ours words, by what bounds them instead. */
const bounded: Readonly<Record<string, string>> = {
  'auth.session.address': 'An IP address, as the door reads it.',
  'auth.session.device': 'What a browser says it is, cut off in begin-session.ts.',
  'auth.user.avatar_url': 'What Google says, bounded in google.ts.',
  'auth.user.email': 'What Google says, bounded in google.ts.',
  'auth.user.time_zone': 'A name of a time zone that there is.',
  'billing.credit_entry.reason': 'A sentence of the code, or an operator’s reason of 200 characters at most.',
  'tasks.task_template.time_zone': 'A name of a time zone that there is.',
};

/** The name in GraphQL of what has this one in SQL. */
const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** The field that shows a column, if one does. */
function fieldOf(table: string, column: string) {
  const type = schema.getType(camel(`_${table}`));
  return isObjectType(type) ? type.getFields()[camel(column)] : undefined;
}

test('a text that clients are shown has its most characters, or its values, in the database', async () => {
  const rows = await world.sql<{ schema: string; table: string; column: string }>(
    `select c.relnamespace::regnamespace as schema, c.relname as "table", a.attname as "column"
     from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relkind = 'r' and c.relnamespace::regnamespace::text !~ '^pg' and a.attnum > 0 and a.atttypid = 'text'::regtype
       and not exists (select from pg_constraint where conrelid = c.oid and contype = 'c' and conkey @> array[a.attnum])`,
  );
  const shown = rows.filter(({ table, column }) => fieldOf(table, column) !== undefined);
  const unbounded = shown.map(({ schema: domain, table, column }) => `${domain}.${table}.${column}`);
  const advice = `has no check: give its entity a @Check of its char_length, or say in \`bounded\` of ${law} what bounds it.`;
  const faults = unbounded.filter((place) => !(place in bounded)).map((place) => `${place} ${advice}`);
  expect(faults).toEqual([]);
  expect(staleIn(`\`bounded\` of ${law}`, Object.keys(bounded), unbounded)).toEqual([]);
});

/** Characters of a text that counts as any other; how many more count as one object. */
const [charactersOfText, charactersOfObject] = [200, 250];

test('a text that may be long says what it costs, so that nobody asks for it a thousand times at once', async () => {
  const rows = await world.sql<{ table: string; column: string; most: number }>(
    `select c.relname as "table", found[1] as "column", found[2]::int as most
     from pg_constraint k join pg_class c on c.oid = k.conrelid,
       regexp_match(pg_get_constraintdef(k.oid), 'char_length\\((\\w+)\\) <= (\\d+)') as found
     where k.contype = 'c' and found is not null`,
  );
  const long = rows.filter(({ most }) => most > charactersOfText);
  const found = long.flatMap(({ table, column, most }) => {
    const field = fieldOf(table, column);
    if (!field) return [];
    const least = Math.ceil(most / charactersOfObject);
    const says: unknown = field.extensions['complexity'];
    const isEnough = typeof says === 'number' && says * charactersOfObject >= most;
    const fault = `${table}.${column} may have ${most} characters: give its @Field \`complexity: ${least}\`.`;
    return [{ place: `${table}.${column}`, faults: isEnough ? [] : [fault] }];
  });
  expect(found.map(({ place }) => place)).toContain('task.description');
  expect(found.flatMap(({ faults }) => faults)).toEqual([]);
});
