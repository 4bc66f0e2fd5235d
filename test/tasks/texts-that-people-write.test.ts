import { expect, test } from '@jest/globals';
import {
  CompleteTask,
  Conversation,
  CreateTask,
  DeleteTask,
  Me,
  RestoreDeleted,
  SendChatMessage,
  StartConversation,
  Task,
  Tasks,
  TaskTemplates,
  UpdateProfile,
  UpdateTask,
} from '../../generated/documents.js';
import { harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';

const world = harness({ shared: 'many inputs, each sent by a person of its own', worker: false, lastingTokens: true });
const family = '👨‍👩‍👧‍👦';
const england = '🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}';
const persian = 'می\u200Cخواهم';

test.each([
  ['blanks around it', '  a  ', 'a'],
  ['a line break', 'a\nb', 'a b'],
  ['CRLF', 'a\r\nb', 'a b'],
  ['CR', 'a\rb', 'a b'],
  ['a vertical tab', 'a\u000Bb', 'a b'],
  ['a form feed', 'a\u000Cb', 'a b'],
  ['a next line', 'a\u0085b', 'a b'],
  ['a line separator', 'a\u2028b', 'a b'],
  ['a paragraph separator', 'a\u2029b', 'a b'],
  ['several breaks and a tab', 'a\n\r\n\tb', 'a b'],
  ['an override of direction', 'invoice\u202Efdp.exe', 'invoicefdp.exe'],
  ['every mark that turns direction', '\u202Aa\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069', 'a'],
  ['zero-width characters at its edges', '\uFEFF\u200Ba\u2060\u00AD', 'a'],
  ['a composed spelling', 'cafe\u0301', 'café'],
  ['an emoji of several people', family, family],
  ['a flag of tags', england, england],
  ['a heart in colour', '❤\uFE0F', '❤\uFE0F'],
  ['a joiner inside a Persian word', persian, persian],
  ['Arabic and Hebrew', 'مرحبا שלום', 'مرحبا שלום'],
])('a title with %s', async (_, title, kept) => {
  const ada = await world.user();
  const { task } = (await ada.ok(CreateTask, { input: { title, tags: [title], subtasks: [{ title }] } })).createTask;
  expect(task).toMatchObject({ title: kept, tags: [kept], subtasks: [{ title: kept }] });
  await ada.ok(UpdateProfile, { input: { name: title } });
  expect((await ada.ok(Me, {})).me.name).toBe(kept);
  const { conversation } = (await ada.ok(StartConversation, { input: { title } })).startConversation;
  expect(conversation?.title).toBe(kept);
});

test.each([
  ['null', 'null'],
  ['NULL among others', 'a', 'NULL', 'b'],
  ['a comma', 'a,b'],
  ['braces', '{}', '{a}', '}', '{"a"}'],
  ['quotes and backslashes', '"', '""', '\\', '\\"', 'a\\nb', "'"],
  ['numbers and truths', '0', '1e5', 'true', 'undefined', 'NaN', 'default'],
])('tags that mean something to the database: %s', async (_, ...tags) => {
  const ada = await world.user();
  const recurrence = { rule: 'FREQ=DAILY' };
  const { task } = (await ada.ok(CreateTask, { input: { title: 'x', tags, recurrence } })).createTask;
  expect(task.tags).toEqual(tags);
  for (const tag of tags) {
    expect(nodesOf((await ada.ok(Tasks, { filter: { tags: [tag] } })).tasks)).toMatchObject([{ tags }]);
  }
  expect(nodesOf((await ada.ok(TaskTemplates, {})).taskTemplates)).toMatchObject([{ tags }]);
  const { id, version } = task;
  const { nextInstance } = (await ada.ok(CompleteTask, { input: { id, version } })).completeTask;
  expect(nextInstance?.tags).toEqual(tags);
  const { deletedItem } = (await ada.ok(DeleteTask, { input: { id, version: version + 1 } })).deleteTask;
  await ada.ok(RestoreDeleted, { input: { id: deletedItem?.id ?? '' } });
  expect((await ada.ok(Task, { id })).task.tags).toEqual(tags);
  const reversed = tags.toReversed();
  const input = { id, version: version + 1, tags: reversed };
  expect((await ada.ok(UpdateTask, { input })).updateTask.task.tags).toEqual(reversed);
  expect((await ada.ok(Task, { id })).task.tags).toEqual(reversed);
});

const codes = [0x20, 0x85, 0xa0, 0xad, 0x34f, 0x61c, 0x115f, 0x1160, 0x1680, 0x17b4, 0x180e, 0x200b, 0x200c, 0x200d]
  .concat([0x200e, 0x2028, 0x202e, 0x2060, 0x2064, 0x2069, 0x206f, 0x2800, 0x3000, 0x3164, 0xfe00, 0xfe0f, 0xfeff])
  .concat([0xffa0, 0xfff9, 0x1bca0, 0x1d159, 0x1d173, 0xe0001, 0xe0067, 0xe007f, 0xe0100]);

test('a title that shows nothing is empty, whatever it is made of', async () => {
  const ada = await world.user();
  const nothings = codes.map((code) => String.fromCodePoint(code));
  for (const title of [...nothings, nothings.join('')]) {
    const error = await ada.refused(CreateTask, { input: { title } }, 'VALIDATION_FAILED');
    expect(error.extensions?.['fields']).toEqual([{ field: 'title', rule: 'must not be empty' }]);
  }
  await ada.refused(CreateTask, { input: { title: 'x', tags: ['\u200B'] } }, 'VALIDATION_FAILED');
  await ada.refused(UpdateProfile, { input: { name: '\u3164' } }, 'VALIDATION_FAILED');
  await ada.refused(SendChatMessage, { input: { content: '\u2060\n\u2800' } }, 'VALIDATION_FAILED');
  expect((await ada.ok(Tasks, {})).tasks.totalCount).toBe(0);
});

test.each([
  ['an indent', '    code\n  more', '    code\n  more'],
  ['blank lines before an indent', ' \n\t\n\tcode', '\tcode'],
  ['blanks behind it', 'a  \n\n', 'a'],
  ['every line and page break', 'a\r\nb\rc\u000Bd\u000Ce\u0085f\u2028g\u2029h', 'a\nb\nc\nd\ne\nf\ng\nh'],
  ['an empty line inside', 'a\r\n\r\nb', 'a\n\nb'],
  ['a byte order mark', '\uFEFF  code', '  code'],
  ['nothing to see', ' \u200B\n\u2060', ''],
  ['emoji and joiners', `${family} ${persian}`, `${family} ${persian}`],
])('a description with %s', async (_, description, kept) => {
  const ada = await world.user();
  const { task } = (await ada.ok(CreateTask, { input: { title: 'x', description } })).createTask;
  expect(task.description).toBe(kept);
  expect((await ada.ok(Task, { id: task.id })).task.description).toBe(kept);
});

test('a question keeps its lines, and the conversation named after it is one line that overrides nothing', async () => {
  const ada = await world.user();
  await world.model({ tokensPerSecond: 0 });
  const content = '  if (x)\u2028\u202E  y';
  const { conversation, question } = (await ada.ok(SendChatMessage, { input: { content } })).sendChatMessage;
  expect(question.content).toBe('  if (x)\n\u202E  y');
  expect((await ada.ok(Conversation, { id: conversation.id })).conversation.title).toBe('if (x) y');
});

const long = 'x'.repeat(58);

test.each([
  ['an emoji of several people', `${long}${family} and more`, `${long}…`],
  ['a flag of tags', `${long}${england} and more`, `${long}…`],
  ['two regional indicators', `${long}🇬🇧 and more`, `${long}…`],
  ['a letter with its marks', `${long}e\u0323\u0330 and more`, `${long}…`],
  ['the end of an emoji', `${'x'.repeat(52)}${family} and more`, `${'x'.repeat(52)}${family}…`],
  ['an emoji that is the whole title', `${'x'.repeat(53)}${family}`, `${'x'.repeat(53)}${family}`],
  // One character that is longer than the title is cut apart.
  ['a letter with too many marks', `e${'\u0330'.repeat(3_000)}`, `e${'\u0330'.repeat(59)}…`],
  ['a letter with too many marks after others', `ab e${'\u0330'.repeat(3_000)}`, 'ab…'],
])('the title of a conversation ends before or after %s', async (_, content, title) => {
  const ada = await world.user();
  await world.model({ tokensPerSecond: 0 });
  const { conversation } = (await ada.ok(SendChatMessage, { input: { content } })).sendChatMessage;
  expect(conversation.title).toBe(title.normalize('NFC'));
});

test("what Google says of a person is mended: nobody is there to be told that it isn't good", async () => {
  const signIn = async (name: string, email: string) => (await world.signIn({ email, name })).session.user;
  const names: [string, string][] = [
    ['A\u0000da', 'Ada'],
    ['A\ud800da', 'A\uFFFDda'],
    ['Ada\nLovelace\u202E', 'Ada Lovelace'],
    ['\u200B\u3164', 'nobody'],
    ['🦊'.repeat(101), '🦊'.repeat(100)],
    [`${'x'.repeat(98)}${family}`, 'x'.repeat(98)],
  ];
  for (const [index, [name, kept]] of names.entries()) {
    expect((await signIn(name, `nobody@${index}.example.com`)).name).toBe(kept);
  }
  const ada = await world.signIn({ email: 'pictured@example.com', name: 'Ada', picture: 'javascript:alert(1)' });
  expect((await ada.ok(Me, {})).me.avatarUrl).toBeNull();
  const again = await world.signIn({
    email: 'pictured@example.com',
    name: 'Ada',
    picture: 'https://x.example/a\u0000b',
  });
  expect((await again.ok(Me, {})).me.avatarUrl).toBe('https://x.example/a%00b');
});
