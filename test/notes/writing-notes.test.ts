import { expect, test } from '@jest/globals';
import {
  Changes,
  CreateNote,
  DeletedItems,
  DeleteNote,
  Note,
  Notes,
  RestoreDeleted,
  UpdateNote,
} from '../../generated/documents.js';
import { harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';
import type { Person } from '../support/person.js';

const world = harness({ worker: false });

async function write(person: Person, content: string): Promise<string> {
  return (await person.ok(CreateNote, { input: { content } })).createNote.note.id;
}

const contentsOf = async (person: Person, filter?: { archived?: boolean; search?: string }) =>
  nodesOf((await person.ok(Notes, { filter })).notes).map(({ content }) => content);

test('a note is written, read, changed and listed, the newest first', async () => {
  const ada = await world.user();
  const { note, unlockedAchievements } = (await ada.ok(CreateNote, { input: { content: '\nBuy\r\n  milk \n' } }))
    .createNote;
  expect(note).toMatchObject({ content: 'Buy\n  milk', archived: false });
  expect(unlockedAchievements).toEqual([]);
  world.clock.advance(1_000);
  await write(ada, 'second');
  await ada.ok(UpdateNote, { input: { id: note.id, content: 'Buy bread' } });
  const read = (await ada.ok(Note, { id: note.id })).note;
  expect(read).toMatchObject({ content: 'Buy bread', createdAt: note.createdAt });
  expect(Date.parse(read.updatedAt)).toBeGreaterThan(Date.parse(note.updatedAt));
  expect(await contentsOf(ada)).toEqual(['second', 'Buy bread']);
});

test('an archived note is listed only when asked for, and can be taken out again', async () => {
  const ada = await world.user();
  const id = await write(ada, 'put away');
  await write(ada, 'at hand');
  await ada.ok(UpdateNote, { input: { id, archived: true } });
  expect(await contentsOf(ada)).toEqual(['at hand']);
  expect(await contentsOf(ada, { archived: true })).toEqual(['put away']);
  await ada.ok(UpdateNote, { input: { id, archived: false } });
  expect(await contentsOf(ada, { archived: true })).toEqual([]);
});

test.each([
  ['STRASSE', 'Die Straße'],
  ['οδοσ', 'ΟΔΌΣ ΟΔΟΣ'],
  ['one two', 'one\ntwo'],
  ['100%_', 'got 100%_ done'],
])('searching for %p finds %p', async (search, content) => {
  const ada = await world.user();
  await write(ada, content);
  await write(ada, 'something else');
  expect(await contentsOf(ada, { search })).toEqual([content]);
  expect(await contentsOf(ada, { search: ' ' })).toHaveLength(2);
  expect(await contentsOf(ada, { search: 'nowhere' })).toEqual([]);
});

test('pages of notes follow each other, and say how many there are', async () => {
  const ada = await world.user();
  for (const content of ['a', 'b', 'c', 'd', 'e']) {
    await write(ada, content);
    world.clock.advance(1_000);
  }
  const first = (await ada.ok(Notes, { first: 2 })).notes;
  expect(nodesOf(first).map(({ content }) => content)).toEqual(['e', 'd']);
  expect(first).toMatchObject({ totalCount: 5, pageInfo: { hasNextPage: true, hasPreviousPage: false } });
  const second = (await ada.ok(Notes, { first: 3, after: first.pageInfo.endCursor })).notes;
  expect(nodesOf(second).map(({ content }) => content)).toEqual(['c', 'b', 'a']);
});

test.each([
  ['nothing', '', 'must not be empty'],
  ['blanks', ' \n\t ', 'must not be empty'],
  ['2,001 characters', 'x'.repeat(2_001), 'must have at most 2000 characters'],
  ['control characters', 'a\u0000b', 'must not contain control characters'],
])('a note of %s is refused', async (_, content, rule) => {
  const ada = await world.user();
  const refused = await ada.refused(CreateNote, { input: { content } }, 'VALIDATION_FAILED');
  expect(refused).toMatchObject({ extensions: { fields: [{ field: 'content', rule }] } });
  const id = await write(ada, 'x');
  await ada.refused(UpdateNote, { input: { id, content } }, 'VALIDATION_FAILED');
});

test('2,000 characters that take two units each are a note', async () => {
  const ada = await world.user();
  const content = '🌱'.repeat(2_000);
  expect((await ada.ok(Note, { id: await write(ada, content) })).note.content).toBe(content);
});

test('the 11th note of a free account is refused, also when it comes back from its deletion', async () => {
  const ada = await world.user();
  const first = await write(ada, 'the first');
  for (let count = 2; count <= 10; count += 1) await write(ada, `note ${count}`);
  const limited = { extensions: { resource: 'notes', limit: 10, current: 10 } };
  expect(await ada.refused(CreateNote, { input: { content: 'x' } }, 'LIMIT_REACHED')).toMatchObject(limited);
  const { deletedItem } = (await ada.ok(DeleteNote, { input: { id: first } })).deleteNote;
  await write(ada, 'in its place');
  const restoring = ada.refused(RestoreDeleted, { input: { id: deletedItem?.id ?? '' } }, 'LIMIT_REACHED');
  expect(await restoring).toMatchObject(limited);
  expect((await ada.ok(DeletedItems, {})).deletedItems).toHaveLength(1);
});

test('a deleted note is gone, and comes back as it was', async () => {
  const ada = await world.user();
  const id = await write(ada, 'Plan\nfor the summer');
  await ada.ok(UpdateNote, { input: { id, archived: true } });
  const before = (await ada.ok(Note, { id })).note;
  const { deletedId, deletedItem } = (await ada.ok(DeleteNote, { input: { id } })).deleteNote;
  expect(deletedId).toBe(id);
  expect(deletedItem).toMatchObject({ type: 'NOTE', entityId: id, title: 'Plan for the summer' });
  await ada.refused(Note, { id }, 'NOT_FOUND');
  await ada.refused(DeleteNote, { input: { id } }, 'NOT_FOUND');
  const { item } = (await ada.ok(RestoreDeleted, { input: { id: deletedItem?.id ?? '' } })).restoreDeleted;
  expect(item).toEqual({ __typename: 'Note', ...before });
  expect((await ada.ok(Note, { id })).note).toEqual(before);
});

test('what happens to a note is in its changes', async () => {
  const ada = await world.user();
  const id = await write(ada, 'x');
  await ada.ok(UpdateNote, { input: { id, archived: true } });
  await ada.ok(UpdateNote, { input: { id } });
  const { deletedItem } = (await ada.ok(DeleteNote, { input: { id } })).deleteNote;
  await ada.ok(RestoreDeleted, { input: { id: deletedItem?.id ?? '' } });
  const changes = (await ada.ok(Changes, {})).changes.edges
    .map(({ node }) => node)
    .filter(({ entityId }) => entityId === id);
  expect(changes.map(({ type }) => type)).toEqual(['note.created', 'note.updated', 'note.deleted', 'note.recovered']);
  for (const { entity } of changes) expect(entity).toMatchObject({ __typename: 'Note', content: 'x', archived: true });
});

test("somebody else's note is nobody's to read, change or delete", async () => {
  const [ada, bob] = [await world.user(), await world.user()];
  const id = await write(ada, 'mine');
  await bob.refused(Note, { id }, 'FORBIDDEN');
  await bob.refused(UpdateNote, { input: { id, content: 'x' } }, 'FORBIDDEN');
  await bob.refused(DeleteNote, { input: { id } }, 'FORBIDDEN');
  expect(await contentsOf(bob)).toEqual([]);
});
