import { expect, test } from '@jest/globals';
import { ChatStream, Credits, SendChatMessage } from '../../generated/documents.js';
import { harness } from '../support/harness.js';

const world = harness({
  worker: false,
  shared: 'many answers of a provider, each to a person of its own',
  lastingTokens: true,
  config: { AI_FIRST_TOKEN_SECONDS: '2', AI_IDLE_SECONDS: '1' },
});

/** One answer of a provider that says this, read to its end as a client does. */
async function answer(behaviour: object) {
  const ada = await world.user();
  await world.model({ tokensPerSecond: 0, ...behaviour });
  const sent = (await ada.ok(SendChatMessage, { input: { content: 'Where do I start?' } })).sendChatMessage;
  let text = '';
  for await (const { chatStream } of ada.follow(ChatStream, { messageId: sent.answer.id, after: 0 })) {
    if (chatStream.__typename === 'ChatDelta') text += chatStream.text;
    if (chatStream.__typename !== 'ChatFinished') continue;
    const { state, content } = chatStream.message;
    expect(content).toBe(text);
    expect((await ada.ok(Credits, {})).credits.held).toBe(0);
    return { state, content, error: chatStream.error, credits: chatStream.creditsRemaining };
  }
  throw new Error('It did not finish.');
}

const delta = (given: object, more: object = {}) => ({
  choices: [{ index: 0, delta: given, finish_reason: null, ...more }],
});
const hello = delta({ content: 'Hello' });
const usage = { choices: [], usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 } };

test.each<[string, object, string]>([
  [
    'content as a list of parts',
    {
      chunks: [
        delta({ content: [{ type: 'text', text: 'Hel' }] }),
        delta({
          content: [
            { type: 'text', text: 'lo' },
            { type: 'text', text: '!' },
          ],
        }),
      ],
    },
    'Hello!',
  ],
  [
    'parts of other types',
    {
      chunks: [
        delta({
          content: [
            { type: 'thinking', thinking: 'Hm.' },
            { type: 'image_url' },
            null,
            { type: 'text', text: 'Hello' },
          ],
        }),
      ],
    },
    'Hello',
  ],
  ['parts that are plain text', { chunks: [delta({ content: ['Hel', 'lo'] })] }, 'Hello'],
  [
    'a refusal',
    { chunks: [delta({ refusal: 'I cannot' }), delta({ content: null, refusal: ' do that.' })] },
    'I cannot do that.',
  ],
  ['a refusal as a part', { chunks: [delta({ content: [{ type: 'refusal', refusal: 'No.' }] })] }, 'No.'],
  ['null for text', { chunks: [delta({ content: null }), hello, delta({ content: null })] }, 'Hello'],
  ['a role alone', { chunks: [delta({ role: 'assistant' }), hello] }, 'Hello'],
  [
    'usage and filter results without choices',
    { chunks: [{ prompt_filter_results: [] }, usage, hello, usage] },
    'Hello',
  ],
  [
    'a choice without index, an empty finish reason',
    { chunks: [{ choices: [{ delta: { content: 'Hello' }, finish_reason: '' }] }] },
    'Hello',
  ],
  ['a choice without delta', { chunks: [{ choices: [{ index: 0 }] }, hello] }, 'Hello'],
  [
    'several choices',
    {
      chunks: [
        {
          choices: [
            { index: 1, delta: { content: 'Other' } },
            { index: 0, delta: { content: 'Hello' } },
          ],
        },
      ],
    },
    'Hello',
  ],
  ['reasoning beside the text', { chunks: [delta({ reasoning_content: 'Hm.' }), hello] }, 'Hello'],
  [
    'a model that thinks for longer than it may be silent, and than its first piece may take',
    {
      tokensPerSecond: 4,
      chunks: [
        ...Array.from({ length: 6 }, () => delta({ reasoning_content: 'Hm.' })),
        ...Array.from({ length: 6 }, () => delta({ content: [{ type: 'thinking', thinking: 'Hm.' }] })),
        hello,
      ],
    },
    'Hello',
  ],
  [
    'text together with the finish reason',
    { chunks: [delta({ content: 'Hello' }, { finish_reason: 'stop' })], endAfter: 1 },
    'Hello',
  ],
  [
    'a choice that is number 1 alone',
    {
      chunks: [
        { choices: [{ index: 1, delta: { content: 'Hel' }, finish_reason: null }] },
        { choices: [{ index: 1, delta: { content: 'lo' }, finish_reason: null }] },
        { choices: [{ index: 1, delta: {}, finish_reason: 'stop' }] },
      ],
      endAfter: 3,
    },
    'Hello',
  ],
  ['Azure’s filter results before and beside the text', { dialect: 'azure', text: 'Hello' }, 'Hello'],
  ['its role in each chunk', { dialect: 'ollama', text: 'Hello' }, 'Hello'],
  ['usage with its last chunk', { dialect: 'gemini', text: 'Hello' }, 'Hello'],
  ['parts of text alone', { dialect: 'mistral', text: 'Hello there' }, 'Hello there'],
  [
    'details of its reasoning',
    { chunks: [delta({ content: '', reasoning_details: [{ type: 'reasoning.text', text: 'Hm.' }] }), hello] },
    'Hello',
  ],
  ['that its turn ended', { text: 'Hello', finishReason: 'end_turn' }, 'Hello'],
  ['a reason to end that nobody knows', { text: 'Hello', finishReason: 'COMPLETED' }, 'Hello'],
  ['that its answer is as long as it may be', { text: 'Hello', finishReason: 'length' }, 'Hello'],
  ['NUL', { tokens: ['He\u0000l', '\u0000', 'lo'] }, 'Hello'],
  ['halves of characters', { tokens: ['a\ud800', 'b\udc00', '\ud83e', '\udd8a'] }, 'a\uFFFDb\uFFFD🦊'],
])('a provider that says %s is understood', async (_, behaviour, content) => {
  expect(await answer(behaviour)).toEqual({ state: 'COMPLETE', content, error: null, credits: 4 });
});

test('an answer is cut off at 32,000 UTF-16 code units, between two characters, and is complete', async () => {
  const longest = 'x'.repeat(31_999);
  const complete = { state: 'COMPLETE', error: null, credits: 4 };
  expect(await answer({ tokens: [longest, 'y'] })).toEqual({ ...complete, content: `${longest}y` });
  expect(await answer({ tokens: [longest, '🦊', 'z'] })).toEqual({ ...complete, content: longest });
});

test('a call of a tool that nobody has offered is left out, and the text stands', async () => {
  const call = delta({ tool_calls: [{ index: 0, function: { name: 'x' } }] });
  const said = await answer({ chunks: [hello, call], finishReason: 'tool_calls' });
  expect(said).toEqual({ state: 'COMPLETE', content: 'Hello', error: null, credits: 4 });
});

test.each<[string, object, string]>([
  ['nothing at all', { tokens: [] }, ''],
  ['nothing to see', { tokens: [' \n', '\u200B'] }, ' \n\u200B'],
  ['NUL alone', { tokens: ['\u0000'] }, ''],
  ['nothing before it was as long as it may be', { tokens: [], finishReason: 'length' }, ''],
  ['only what is no text', { chunks: [delta({ content: [{ type: 'image_url' }] })] }, ''],
  [
    'an unknown shape',
    { chunks: [{ choices: 'none' }, { choices: [null] }, delta({ content: { a: 1 } }), delta({ content: 7 })] },
    '',
  ],
  ['that it filtered its answer', { chunks: [hello], finishReason: 'content_filter' }, 'Hello'],
  [
    'that it filtered its answer, and then that it stopped',
    { chunks: [hello, { choices: [{ index: 0, delta: {}, finish_reason: 'content_filter' }] }] },
    'Hello',
  ],
  ['that it filtered its answer, in capitals', { chunks: [hello], finishReason: 'SAFETY' }, 'Hello'],
  [
    'that it filtered its answer, and why',
    { chunks: [hello], finishReason: 'content_filter: PROHIBITED_CONTENT' },
    'Hello',
  ],
  [
    'that it cannot read its own call of a function',
    { chunks: [hello], finishReason: 'function_call_filter: MALFORMED_FUNCTION_CALL' },
    'Hello',
  ],
  ['that it will not go on', { chunks: [hello], finishReason: 'refusal' }, 'Hello'],
  ['that it failed in the end', { chunks: [hello], finishReason: 'error' }, 'Hello'],
  ['nothing at all, in words of its own', { tokens: [], finishReason: 'end_turn' }, ''],
  ['only that it is still there', { tokensPerSecond: 4, chunks: Array.from({ length: 12 }, () => delta({})) }, ''],
  ['nothing of an end', { chunks: [hello], endAfter: 1 }, 'Hello'],
  ['that it uses a tool which nobody offered', { toolCalls: [{ name: 'x', arguments: {} }] }, ''],
  ['that it calls a function which nobody offered', { chunks: [], finishReason: 'function_call' }, ''],
  ['an error in the middle', { chunks: [hello, { error: { message: 'overloaded', code: 'server_error' } }] }, 'Hello'],
  [
    'that another choice is finished',
    { chunks: [hello, { choices: [{ index: 1, delta: {}, finish_reason: 'stop' }] }], endAfter: 2 },
    'Hello',
  ],
])('a provider that says %s has failed: what was written stays, the credit returns', async (_, behaviour, content) => {
  expect(await answer(behaviour)).toEqual({ state: 'FAILED', content, error: 'AI_SERVICE_UNAVAILABLE', credits: 5 });
});
