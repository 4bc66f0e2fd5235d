import { expect, test } from '@jest/globals';
import { Me, UpdateProfile } from '../../generated/documents.js';
import { canonicalJson } from '../../src/activity/canonical-json.js';
import { harness } from '../support/harness.js';

const world = harness({ worker: false });

test('a profile changes field by field: omitted stays, null clears', async () => {
  const ada = await world.user();
  await ada.ok(UpdateProfile, {
    input: { name: '  Ada L. ', timeZone: 'Europe/London', preferences: { theme: 'dark', n: [1] } },
  });
  await ada.ok(UpdateProfile, { input: { name: 'Ada Lovelace' } });
  expect((await ada.ok(Me, {})).me).toMatchObject({
    name: 'Ada Lovelace',
    timeZone: 'Europe/London',
    preferences: { theme: 'dark', n: [1] },
  });
  await ada.ok(UpdateProfile, { input: { timeZone: null, preferences: null } });
  expect((await ada.ok(Me, {})).me).toMatchObject({ name: 'Ada Lovelace', timeZone: 'UTC', preferences: {} });
});

test.each([
  ['europe/london', 'Europe/London'],
  ['AMERICA/ARGENTINA/BUENOS_AIRES', 'America/Argentina/Buenos_Aires'],
  ['america/port-au-prince', 'America/Port-au-Prince'],
  ['utc', 'UTC'],
  // Names that were given up stay themselves.
  ['asia/calcutta', 'Asia/Calcutta'],
  ['asia/kolkata', 'Asia/Kolkata'],
  ['us/pacific', 'US/Pacific'],
])('the time zone %s is kept as %s', async (timeZone, kept) => {
  const ada = await world.user();
  expect((await ada.ok(UpdateProfile, { input: { timeZone } })).updateProfile.user.timeZone).toBe(kept);
  expect((await ada.ok(Me, {})).me.timeZone).toBe(kept);
});

test.each([
  ['an empty name', { name: '   ' }, 'name'],
  ['no name', { name: null }, 'name'],
  ['a name of 101 characters', { name: 'x'.repeat(101) }, 'name'],
  ['a control character', { name: 'A\u0007da' }, 'name'],
  ['a lone surrogate', { name: 'A\ud800da' }, 'name'],
  ['a time zone that does not exist', { timeZone: 'Mars/Olympus' }, 'timeZone'],
  ['an offset for a time zone', { timeZone: '+02:00' }, 'timeZone'],
  ['preferences of 20 KB', { preferences: { text: 'x'.repeat(20_000) } }, 'preferences'],
  ['preferences of 17 KB that have fewer characters', { preferences: { text: '漢'.repeat(5_700) } }, 'preferences'],
  ['preferences with NUL', { preferences: { text: '\u0000' } }, 'preferences'],
])('%s is refused and changes nothing', async (_, input, field) => {
  const ada = await world.user();
  const error = await ada.refused(UpdateProfile, { input }, 'VALIDATION_FAILED');
  expect(error.extensions?.['fields']).toEqual([expect.objectContaining({ field, rule: expect.any(String) })]);
  expect((await ada.ok(Me, {})).me).toMatchObject({ name: 'Ada', timeZone: 'UTC', preferences: {} });
});

const odd = [
  '{"__proto__":{"a":1},"constructor":{"prototype":{"b":2}},"prototype":3}',
  '{"deep":[{"__proto__":{"__proto__":[]}}]}',
  '{"toString":"x","hasOwnProperty":null,"":0,"a.b":1,"then":true}',
  '{"text":"a backslash and its letters: \\\\u0000 \\\\ud800"}',
  '{"2":"b","1":"a"}',
];

test.each(odd)('the preferences %s are kept as they are, by variable and by literal', async (text) => {
  const ada = await world.user();
  const answers = async (query: string, variables: string) => {
    const response = await fetch(`${ada.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${ada.session.accessToken}` },
      body: `{"query":${JSON.stringify(query)},"variables":${variables}}`,
    });
    return response.text();
  };
  const kept = JSON.stringify(JSON.parse(text));
  const mutation = 'mutation ($p: JSONObject) { updateProfile(input: { preferences: $p }) { user { preferences } } }';
  // A document that comes again may be executed in another way than at first.
  for (const _ of [1, 2, 3]) expect(await answers(mutation, `{"p":${text}}`)).toContain(`"preferences":${kept}`);
  const [row] = await world.sql<{ same: boolean }>(
    'select preferences = $2::jsonb as same from auth.user where id = $1',
    [ada.id, text],
  );
  expect(row?.same).toBe(true);
  const read = JSON.parse(await answers('{ me { preferences } }', '{}')) as { data: { me: { preferences: unknown } } };
  // jsonb has an order of keys of its own.
  expect(canonicalJson(read.data.me.preferences)).toBe(canonicalJson(JSON.parse(text)));
  if (!/^\{"[a-z_A-Z]+":/.test(text) || text.includes('"":')) return;
  await ada.ok(UpdateProfile, { input: { preferences: null } });
  const literal = text.replaceAll(/"([A-Za-z_]+)":/g, '$1:');
  const again = await answers(
    `mutation { updateProfile(input: { preferences: ${literal} }) { user { preferences } } }`,
    '{}',
  );
  expect(again).toContain(`"preferences":${kept}`);
});
