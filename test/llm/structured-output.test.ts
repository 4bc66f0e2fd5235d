import { expect, test } from '@jest/globals';
import { causeOf, modelWorld } from '../support/language-model.js';

const world = modelWorld();

const steps = {
  name: 'steps',
  schema: {
    type: 'object',
    properties: { steps: { type: 'array', items: { type: 'object', properties: { title: { type: 'string' } } } } },
    required: ['steps'],
    additionalProperties: false,
  },
};
const value = { steps: [{ title: 'Outline' }, { title: 'Write “it” 🦊' }] };

test('a question with a schema is answered with a value', async () => {
  await world.control({ json: value, usage: { prompt_tokens: 9, completion_tokens: 4 } });
  expect(await world.askJson(steps)).toEqual({
    value,
    usage: { inputTokens: 9, outputTokens: 4 },
    thoughts: '',
    refusals: 0,
  });
  const { lastRequest } = await world.seen();
  expect(lastRequest).toMatchObject({
    stream: true,
    max_tokens: 2_000,
    response_format: { type: 'json_schema', json_schema: { ...steps, strict: true } },
  });
});

test('an answer may have as many tokens as its question says', async () => {
  await world.control({ json: value });
  await world.askJson(steps, { maxOutputTokens: 300 });
  expect((await world.seen()).lastRequest).toMatchObject({ max_tokens: 300 });
});

test.each<[string, { role: 'system' | 'user'; content: string }[], RegExp]>([
  ['in a turn of its own', [{ role: 'user', content: 'Plan it.' }], /^Answer with JSON alone/],
  [
    'behind the system’s own words',
    [
      { role: 'system', content: 'You plan.' },
      { role: 'user', content: 'Plan it.' },
    ],
    /^You plan\.\n\nAnswer with JSON alone/,
  ],
])('a server that takes no schema is asked for any JSON, and the model told the schema %s', async (_, turns, said) => {
  await world.control({ json: value, refuseJsonSchema: true });
  expect(await world.askJson(steps, { turns })).toMatchObject({ value, refusals: 0 });
  const { requests, lastRequest, lastMessages } = await world.seen();
  expect(requests).toBe(2);
  expect(lastRequest).toMatchObject({ response_format: { type: 'json_object' } });
  expect(lastMessages).toEqual([
    { role: 'system', content: expect.stringMatching(said) },
    { role: 'user', content: 'Plan it.' },
  ]);
  expect(lastMessages[0]).toHaveProperty('content', expect.stringContaining(JSON.stringify(steps.schema)));
});

test('a server that takes neither a schema nor the older name of the limit is understood', async () => {
  await world.control({ json: value, refuseJsonSchema: true, refuseMaxTokens: true });
  expect((await world.askJson(steps)).value).toEqual(value);
});

test('a server that refuses every question is refused once', async () => {
  let refusals = 0;
  const onRefused = () => {
    refusals += 1;
  };
  await world.control({ status: 422 });
  expect(await causeOf(world.askJson(steps, { onRefused }))).toMatch(/^AI_SERVICE_UNAVAILABLE: UnprocessableEntity/);
  expect([refusals, (await world.seen()).requests]).toEqual([1, 2]);
});

const written = JSON.stringify(value);

test.each([
  ['a fence', `\`\`\`json\n${written}\n\`\`\``],
  ['a fence without a name', `\`\`\`\n${written}\n\`\`\`\n`],
  ['a fence on one line', `\`\`\`json${written}\`\`\``],
  ['a fence that is spoken of', `Here you are:\n\n\`\`\`json\n${written}\n\`\`\`\n\nAnything else?`],
  ['blanks', `\n ${written}\n`],
])('a value in %s is read', async (_, text) => {
  await world.control({ text });
  expect((await world.askJson(steps)).value).toEqual(value);
});

test('a fence within a text of the value is a part of it', async () => {
  await world.control({ json: { a: '```js\n1\n```' } });
  expect((await world.askJson(steps)).value).toEqual({ a: '```js\n1\n```' });
});

test('what nobody can store is not in a value', async () => {
  await world.control({ text: '{"a\\u0000":["b\\u0000\\ud800"]}' });
  expect((await world.askJson(steps)).value).toEqual({ a: ['b\ufffd'] });
});

test.each<[string, object, RegExp]>([
  ['is no JSON', { text: 'I would start with the outline.' }, /no JSON, of 31 characters/],
  ['is cut for length', { json: value, finishReason: 'length' }, /cut for length/],
  ['is longer than an answer may be', { json: ['x'.repeat(32_000)] }, /cut for length/],
  ['is empty', { text: '' }, /no reason/],
  ['shows nothing', { text: ' ' }, /without any text/],
  ['breaks off', { json: value, endAfter: 1 }, /no reason/],
  ['is filtered', { json: value, finishReason: 'content_filter' }, /content_filter/],
  ['calls a tool', { text: '{}', toolCalls: [{ name: 'x', arguments: {} }] }, /tool_calls/],
  ['does not begin', { json: value, hangAfter: 0, delayMs: 2_500 }, /did not come in time|timed out/],
  ['does not go on', { json: value, hangAfter: 1 }, /next piece did not come in time/],
])('an answer that %s fails', async (_, behaviour, cause) => {
  await world.control(behaviour);
  expect(await causeOf(world.askJson(steps))).toMatch(cause);
});

test('a question that is stopped fails with the reason of who stopped it', async () => {
  await world.control({ hangAfter: 0 });
  const signal = AbortSignal.abort(new Error('Enough.'));
  await expect(world.askJson(steps, { signal })).rejects.toThrow('Enough.');
  expect((await world.seen()).requests).toBe(0);
});

const task = {
  type: 'object',
  $defs: { step: { type: 'object', properties: { title: { type: 'string' } } } },
  properties: {
    subtasks: { type: 'array', items: { $ref: '#/$defs/step' } },
    priority: { enum: ['LOW', 'HIGH'] },
    due: { type: ['string', 'null'], format: 'date' },
    minutes: { type: 'integer', minimum: 5 },
    more: { type: 'number', exclusiveMinimum: 0, maximum: 1 },
    urgent: { type: 'boolean' },
    kind: { const: 'task' },
    tags: { type: 'array', items: { examples: ['home', 'work'] }, maxItems: 2 },
    note: { anyOf: [{ type: 'string', title: 'A short note', maxLength: 7 }, { type: 'null' }] },
    nothing: { type: 'null' },
    standard: { type: 'string', default: 'x' },
    both: { allOf: [{ properties: { a: { type: 'boolean' } } }, { properties: { b: { type: 'boolean' } } }] },
    estimatedTime: { type: 'string', minLength: 16 },
    left: { type: 'string' },
  },
  required: [
    ...['subtasks', 'priority', 'due', 'minutes', 'more', 'urgent', 'kind', 'tags', 'note', 'nothing', 'standard'],
    ...['both', 'estimatedTime'],
  ],
};

test('the emulator that was told nothing answers with a sensible value that fits the schema', async () => {
  expect((await world.askJson({ name: 'task', schema: task })).value).toEqual({
    subtasks: [{ title: 'Title 1' }, { title: 'Title 2' }, { title: 'Title 3' }],
    priority: 'LOW',
    due: '2030-01-01',
    minutes: 5,
    more: 1,
    urgent: false,
    kind: 'task',
    tags: ['home', 'work'],
    note: 'A short',
    nothing: null,
    standard: 'x',
    both: { a: false, b: false },
    estimatedTime: 'Estimated time..',
  });
});
