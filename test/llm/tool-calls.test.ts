import { expect, test } from '@jest/globals';
import type { ChatTurn, Tool } from '../../src/kernel/context.js';
import { eventually } from '../support/harness.js';
import { causeOf, delta, modelWorld } from '../support/language-model.js';

const world = modelWorld();

const addTask: Tool = {
  name: 'add_task',
  description: 'Adds a task.',
  parameters: { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] },
};
const listTasks: Tool = {
  name: 'list_tasks',
  description: 'Lists the open tasks.',
  parameters: { type: 'object', properties: {} },
};
const tools = [addTask, listTasks];

const milk = { name: 'add_task', arguments: { title: 'Buy “milk” 🥛' } };
const bread = { name: 'add_task', arguments: { title: 'Buy bread' } };
const list = { name: 'list_tasks', arguments: {} };

const dialects = ['openai', 'azure', 'ollama', 'vllm', 'llamacpp', 'gemini', 'mistral'];

test.each(dialects)('calls in the words of %s come whole, in their order, after the text', async (dialect) => {
  await world.control({ dialect, text: 'I add both.', toolCalls: [milk, bread, list] });
  const told = await world.ask(tools);
  expect(told).toMatchObject({ text: 'I add both.', reason: 'toolCalls', refusals: 0 });
  expect(told.calls).toMatchObject([milk, bread, list]);
  expect(new Set(told.calls.map(({ id }) => id)).size).toBe(3);
  for (const { id } of told.calls) expect(id).toMatch(/^[\w-]{9,}$/);
  expect(told.usage?.outputTokens).toBeGreaterThan(0);
});

test.each(dialects)('calls alone in the words of %s are an answer', async (dialect) => {
  await world.control({ dialect, toolCalls: [list], usage: null });
  expect(await world.ask(tools)).toMatchObject({ text: '', calls: [list], reason: 'toolCalls', usage: null });
});

test.each(dialects)('a text in the words of %s is complete although tools were offered', async (dialect) => {
  await world.control({ dialect, text: 'Start with the brief.' });
  expect(await world.ask(tools)).toMatchObject({ text: 'Start with the brief.', calls: [], reason: 'complete' });
});

const call = (more: object, name = 'add_task', given: unknown = '{"title":"Buy bread"}') => ({
  ...more,
  function: { name, arguments: given },
});
const continued = (more: object, given: string) => ({ ...more, function: { arguments: given } });
const calls = (...list: object[]) => delta({ tool_calls: list });

test.each<[string, object[], object[]]>([
  ['arguments as an object', [calls(call({ id: 'a', index: 0 }, 'add_task', bread.arguments))], [bread]],
  ['nothing for arguments', [calls(call({ id: 'a', index: 0 }, 'list_tasks', null))], [list]],
  ['an empty text for arguments', [calls(call({ id: 'a', index: 0 }, 'list_tasks', ' '))], [list]],
  [
    'several calls in a chunk without index and id',
    [calls(call({}), call({}), call({}, 'list_tasks'))],
    [bread, bread, { name: 'list_tasks' }],
  ],
  [
    'calls in a chunk each, all with index 0',
    [calls(call({ id: 'a', index: 0 })), calls(call({ id: 'b', index: 0 }))],
    [
      { ...bread, id: 'a' },
      { ...bread, id: 'b' },
    ],
  ],
  [
    'calls without arguments, index and id',
    [calls(call({}, 'list_tasks', '')), calls(call({}, 'add_task'))],
    [list, bread],
  ],
  [
    'calls whose indexes alternate',
    [
      calls(call({ id: 'a', index: 0 }, 'add_task', ''), call({ id: 'b', index: 1 }, 'add_task', '')),
      calls(continued({ index: 1 }, '{"title":"Buy'), continued({ index: 0 }, '{"title":"Buy “milk')),
      calls(continued({ index: 0 }, '” 🥛"}')),
      calls(continued({ index: 1 }, ' bread"}')),
    ],
    [
      { ...milk, id: 'a' },
      { ...bread, id: 'b' },
    ],
  ],
  [
    'calls without index whose pieces have the id',
    [
      calls(call({ id: 'a' }, 'add_task', ''), call({ id: 'b' }, 'list_tasks', '')),
      calls(continued({ id: 'a' }, '{"title":"Buy bread"}'), continued({ id: 'b' }, '{}')),
    ],
    [
      { ...bread, id: 'a' },
      { ...list, id: 'b' },
    ],
  ],
  [
    'an index behind a beginning without',
    [calls(call({ id: 'a' }, 'add_task', '')), calls(continued({ index: 0 }, '{"title":"Buy bread"}'))],
    [{ ...bread, id: 'a' }],
  ],
  [
    'id, name and role again in each piece',
    [
      delta({ role: 'assistant', tool_calls: [call({ id: 'a', index: 0 }, 'add_task', '{"title":')] }),
      delta({ role: 'assistant', tool_calls: [call({ id: 'a', index: 0 }, 'add_task', '"Buy bread"}')] }),
      delta({ role: 'assistant', tool_calls: [call({ id: 'a', index: 0 }, 'add_task', '')] }),
    ],
    [{ ...bread, id: 'a' }],
  ],
  [
    '"null" for the id in later pieces',
    [
      calls(call({ id: 'WcG8xhSs1', index: 0 }, 'add_task', '')),
      calls(call({ id: 'null', index: 0 }, '', '{"title":"Buy bread"}')),
    ],
    [{ ...bread, id: 'WcG8xhSs1' }],
  ],
  [
    'null and nothing beside text',
    [delta({ content: null, tool_calls: null, function_call: null }), calls({}), calls(call({ id: 'a' }))],
    [bread],
  ],
  ['what is no call among calls', [delta({ tool_calls: [null, 7, { function: 'x' }, call({ id: 'a' })] })], [bread]],
  ['calls that are no list', [delta({ tool_calls: 'x' }), calls(call({ id: 'a' }))], [bread]],
  [
    'a call as it was before there were tools',
    [
      delta({ function_call: { name: 'add_task', arguments: '' } }),
      delta({ function_call: { arguments: '{"title":' } }),
      delta({ function_call: { arguments: '"Buy bread"}' } }),
    ],
    [bread],
  ],
  [
    'a call in both ways',
    [delta({ function_call: call({}).function, tool_calls: [call({ id: 'a' })] })],
    [{ ...bread, id: 'a' }],
  ],
  ['a name that was not offered', [calls(call({}, 'fly', '{}'))], [{ name: 'fly', arguments: {} }]],
  ['a call without a name', [calls(call({ index: 0 }, '')), calls(call({ index: 1 }))], [bread]],
  [
    'arguments that are no JSON',
    [calls(call({}, 'add_task', '{"title":'))],
    [{ name: 'add_task', arguments: undefined }],
  ],
  [
    'arguments that nobody can store',
    [calls(call({}, 'add_task', '{"ti\\u0000tle":"a\\u0000\\ud800"}'))],
    [{ name: 'add_task', arguments: { title: 'a\ufffd' } }],
  ],
  ['arguments of another type', [calls(call({}, 'add_task', '"x"'))], [{ name: 'add_task', arguments: 'x' }]],
])('a provider that sends %s is understood', async (_, chunks, expected) => {
  await world.control({ chunks, finishReason: 'tool_calls' });
  const told = await world.ask(tools);
  expect(told).toMatchObject({ text: '', reason: 'toolCalls' });
  expect(told.calls).toHaveLength(expected.length);
  expect(told.calls).toMatchObject(expected);
});

test('the same id for two calls with different indexes is an id of one of them', async () => {
  await world.control({ chunks: [calls(call({ id: 'same', index: 0 }), call({ id: 'same', index: 1 }))] });
  const { calls: made } = await world.ask(tools);
  expect(made.map(({ id }) => id)).toEqual(['same', expect.stringMatching(/^[0-9a-z]{9}$/)]);
});

test.each(['stop', 'tool_calls', 'tool_use', 'function_call', 'TOOL_CALLS'])(
  'an answer with calls that ends with %s calls tools',
  async (finishReason) => {
    await world.control({ toolCalls: [bread], finishReason });
    expect(await world.ask(tools)).toMatchObject({ calls: [bread], reason: 'toolCalls' });
  },
);

test.each(['length', 'MAX_TOKENS', 'model_length'])('a text that ends with %s says that it was cut', async (reason) => {
  await world.control({ text: 'Start with', finishReason: reason });
  expect(await world.ask(tools)).toMatchObject({ text: 'Start with', reason: 'length' });
  await world.control({ chunks: [delta({ content: 'Start' }, { finish_reason: reason })] });
  expect(await world.ask([])).toMatchObject({ text: 'Start', reason: 'length' });
});

test('of an answer that was cut only the calls that are whole are made', async () => {
  const chunks = [calls(call({ id: 'a', index: 0 })), calls(call({ id: 'b', index: 1 }, 'list_tasks', ''))];
  await world.control({ chunks, finishReason: 'length' });
  expect(await world.ask(tools)).toMatchObject({ calls: [{ ...bread, id: 'a' }], reason: 'length' });
  await world.control({ chunks: chunks.slice(1), finishReason: 'length' });
  expect(await causeOf(world.ask(tools))).toMatch(/AI_SERVICE_UNAVAILABLE: .*ended with length, and without any text/);
});

test('an answer of more characters than it may have was cut', async () => {
  await world.control({ tokens: ['x'.repeat(31_999), 'yz'] });
  const { text, reason } = await world.ask([]);
  expect([text.length, reason]).toEqual([32_000, 'length']);
});

test.each<[string, object, RegExp]>([
  ['breaks off', { toolCalls: [bread], endAfter: 2 }, /no reason/],
  ['is filtered', { toolCalls: [bread], finishReason: 'content_filter' }, /content_filter/],
  ['cannot be read by its own provider', { toolCalls: [bread], finishReason: 'malformed_function_call' }, /malformed/],
  ['has calls without a name alone', { chunks: [calls(call({}, ''))], finishReason: 'tool_calls' }, /without any text/],
])('an answer that %s fails, and calls nothing', async (_, behaviour, cause) => {
  await world.control(behaviour);
  const made: unknown[] = [];
  const read = async () => {
    const { turns } = world;
    const ignored = { onUsage: () => undefined, onThought: () => undefined, onRefused: () => undefined };
    const end = { onEnd: () => made.push('end') };
    const signal = new AbortController().signal;
    for await (const piece of world.model.streamChat({ model: 'm', turns, tools, signal, ...ignored, ...end }))
      made.push(piece);
  };
  const said = await causeOf(read());
  expect(said).toMatch(cause);
  expect(said).toMatch(/^AI_SERVICE_UNAVAILABLE: /);
  expect(made).toEqual([]);
});

test.each([20, 21, 100])('of %s calls the first 20 are an answer', async (length) => {
  await world.control({ toolCalls: Array.from({ length }, () => list), dialect: 'ollama', text: 'Here.' });
  const { calls: made, text } = await world.ask(tools);
  expect([made.length, text]).toEqual([20, 'Here.']);
});

test('of calls with more than 64 KB of arguments those are left out that are not whole within them', async () => {
  const toolCalls = Array.from({ length: 9 }, () => ({ name: 'a', arguments: { a: 'ä'.repeat(4_000) } }));
  await world.control({ toolCalls, dialect: 'gemini', text: 'Here.' });
  const { calls: made, text } = await world.ask(tools);
  expect([made.length, text]).toEqual([8, 'Here.']);
});

test('what a call says of itself can be stored', async () => {
  const own = { index: 0, id: 'a\u0000b\ud800', extra_content: { note: 'c\u0000' } };
  const asked = { ...own, function: { name: 'list', arguments: '{}' } };
  await world.control({ chunks: [delta({ tool_calls: [asked] })], finishReason: 'tool_calls' });
  const [made] = (await world.ask(tools)).calls;
  expect(made).toMatchObject({ id: 'ab\ufffd', extraContent: { note: 'c' } });
});

test('a call of a tool is no part of an answer for which none was offered', async () => {
  await world.control({ text: 'Hello', toolCalls: [bread], finishReason: 'stop' });
  expect(await world.ask([])).toMatchObject({ text: 'Hello', calls: [], reason: 'complete' });
  await world.control({ text: 'Hello', toolCalls: [bread] });
  expect(await causeOf(world.ask([]))).toMatch(/ended with tool_calls/);
});

test('a model that writes arguments, or thinks before a call, is not silent', async () => {
  const pieces = [...JSON.stringify(milk.arguments)].slice(0, 6);
  const rest = JSON.stringify(milk.arguments).slice(pieces.join('').length);
  const chunks = [
    delta({ content: 'I think.' }),
    ...Array.from({ length: 5 }, () =>
      delta({ content: '', reasoning_details: [{ type: 'reasoning.text', text: 'Hm.' }] }),
    ),
    calls(call({ id: 'a', index: 0 }, 'add_task', '')),
    ...[...pieces, rest].map((piece) => calls(continued({ index: 0 }, piece))),
  ];
  await world.control({ chunks, tokensPerSecond: 4 });
  expect(await world.ask(tools)).toMatchObject({ calls: [milk], thoughts: 'Hm.'.repeat(5) });
});

test.each<[string, object, string]>([
  ['reasoning_content', { reasoning_content: 'Hm.' }, 'Hm.'],
  [
    'reasoning and the same as details',
    { reasoning: 'Hm.', reasoning_details: [{ type: 'reasoning.text', text: 'Hm.' }] },
    'Hm.',
  ],
  [
    'details alone',
    {
      reasoning: null,
      reasoning_details: [
        { type: 'reasoning.summary', summary: 'Hm.' },
        { type: 'reasoning.encrypted', data: 'eA==' },
        null,
      ],
    },
    'Hm.eA==',
  ],
])('what a model thinks before a call is told as a thought where it comes as %s', async (_, thought, thoughts) => {
  await world.control({ chunks: [delta({ content: '', ...thought }), calls(call({ id: 'a' }))] });
  expect(await world.ask(tools)).toMatchObject({ text: '', calls: [bread], thoughts });
});

test('calls, what came of them, and what the provider wants to see again are told in the protocol’s words', async () => {
  await world.control({ dialect: 'gemini', text: 'I add it.', toolCalls: [bread, list] });
  const { calls: made, text } = await world.ask(tools);
  const [first, second] = made;
  if (!first || !second) throw new Error('It called nothing.');
  const invalid = { id: 'c', name: 'add_task', arguments: undefined };
  const turns: ChatTurn[] = [
    ...world.turns,
    { role: 'assistant', content: text, toolCalls: made },
    { role: 'tool', toolCallId: first.id, content: 'Added.' },
    { role: 'tool', toolCallId: second.id, content: '[]' },
    { role: 'assistant', content: '', toolCalls: [invalid] },
    { role: 'tool', toolCallId: 'c', content: 'The arguments are no JSON.' },
  ];
  await world.control({ text: 'Done.' });
  expect((await world.ask(tools, { turns })).text).toBe('Done.');
  const { lastMessages, lastRequest } = await world.seen();
  const sent = (id: string, { name, arguments: given }: { name: string; arguments: object }, more: object = {}) => ({
    id,
    type: 'function',
    function: { name, arguments: JSON.stringify(given) },
    ...more,
  });
  const signed = { extra_content: { google: { thought_signature: 'c2lnbmVk' } } };
  expect(lastMessages).toEqual([
    { role: 'user', content: 'Where do I start?' },
    { role: 'assistant', content: 'I add it.', tool_calls: [sent(first.id, bread, signed), sent(second.id, list)] },
    { role: 'tool', tool_call_id: first.id, content: 'Added.' },
    { role: 'tool', tool_call_id: second.id, content: '[]' },
    { role: 'assistant', content: null, tool_calls: [sent('c', { name: 'add_task', arguments: {} })] },
    { role: 'tool', tool_call_id: 'c', content: 'The arguments are no JSON.' },
  ]);
  expect(lastRequest['tools']).toEqual([
    { type: 'function', function: addTask },
    { type: 'function', function: listTasks },
  ]);
});

test('no field of tools is sent when none is offered, and the emulator answers in text when it is not told otherwise', async () => {
  expect((await world.ask(tools)).text).toMatch(/^You have nothing open/);
  await world.ask([]);
  expect((await world.seen()).lastRequest).not.toHaveProperty('tools');
});

test('an answer may have as many tokens as are configured, or as its question says', async () => {
  await world.control({});
  await world.ask([]);
  expect((await world.seen()).lastRequest).toMatchObject({ max_tokens: 2_000 });
  await world.ask([], { maxOutputTokens: 50 });
  const { lastRequest } = await world.seen();
  expect(lastRequest).toMatchObject({ max_tokens: 50 });
  expect(lastRequest).not.toHaveProperty('max_completion_tokens');
});

test('a model that takes only the newer name of that limit is asked with it, from then on at once', async () => {
  await world.control({ text: 'Hello', refuseMaxTokens: true });
  expect(await world.ask([])).toMatchObject({ text: 'Hello', refusals: 0 });
  expect(await world.ask([], { model: 'standard' })).toMatchObject({ text: 'Hello' });
  const { requests, lastRequest } = await world.seen();
  expect(requests).toBe(3);
  expect(lastRequest).toMatchObject({ max_completion_tokens: 2_000 });
  expect(lastRequest).not.toHaveProperty('max_tokens');
});

test('a request is tried once more before the first token, and never after it', async () => {
  await world.control({ status: 500, times: 1 });
  expect((await world.ask(tools)).text).not.toBe('');
  expect((await world.seen()).requests).toBe(2);
  await world.control({ reset: true, toolCalls: [bread], cutAfter: 2 });
  await causeOf(world.ask(tools));
  expect((await world.seen()).requests).toBe(1);
});

test('a request that is refused is told as such once, and its key is in no message', async () => {
  await world.control({ status: 400 });
  let refusals = 0;
  const onRefused = () => {
    refusals += 1;
  };
  expect(await causeOf(world.ask(tools, { onRefused }))).not.toMatch(/sk-secret/);
  expect(refusals).toBe(1);
});

test('an answer that is stopped while it writes a call ends upstream too, and calls nothing', async () => {
  const chunks = [delta({ reasoning_content: 'Hm.' }), calls(call({ id: 'a', index: 0 }, 'add_task', '{'))];
  await world.control({ chunks, hangAfter: 2 });
  const stop = new AbortController();
  const onThought = () => stop.abort(new Error('Enough.'));
  await expect(world.ask(tools, { signal: stop.signal, onThought })).rejects.toThrow('Enough.');
  const { abortedByClient } = await eventually(
    () => world.seen(),
    ({ open }) => open === 0,
  );
  expect(abortedByClient).toBe(1);
});
