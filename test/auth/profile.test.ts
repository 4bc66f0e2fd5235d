import { expect, test } from '@jest/globals';
import { Me, UpdateProfile } from '../../generated/documents.js';
import { harness } from '../support/harness.js';

const world = harness();

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
  ['an empty name', { name: '   ' }, 'name'],
  ['no name', { name: null }, 'name'],
  ['a name of 101 characters', { name: 'x'.repeat(101) }, 'name'],
  ['a control character', { name: 'A\u0007da' }, 'name'],
  ['a lone surrogate', { name: 'A\ud800da' }, 'name'],
  ['a time zone that does not exist', { timeZone: 'Mars/Olympus' }, 'timeZone'],
  ['an offset for a time zone', { timeZone: '+02:00' }, 'timeZone'],
  ['preferences of 20 KB', { preferences: { text: 'x'.repeat(20_000) } }, 'preferences'],
  ['preferences with NUL', { preferences: { text: '\u0000' } }, 'preferences'],
])('%s is refused and changes nothing', async (_, input, field) => {
  const ada = await world.user();
  const error = await ada.refused(UpdateProfile, { input }, 'VALIDATION_FAILED');
  expect(error.extensions?.['fields']).toEqual([expect.objectContaining({ field, rule: expect.any(String) })]);
  expect((await ada.ok(Me, {})).me).toMatchObject({ name: 'Ada', timeZone: 'UTC', preferences: {} });
});
