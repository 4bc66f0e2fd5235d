import { expect, test } from '@jest/globals';
import { ChatStream, Credits, SendChatMessage, StopChatMessage } from '../../generated/documents.js';
import { storedAnswer } from '../support/answers.js';
import { eventually, harness } from '../support/harness.js';
import type { Person } from '../support/person.js';

const world = harness({
  worker: false,
  config: { OPENAI_MODEL: 'org/model:1', AI_MODEL_PRICES: 'other=1/1, org/model:1=0.15/0.6' },
});

interface RunRow {
  readonly state: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly usageEstimated: boolean;
  readonly costMicroDollars: string | null;
  readonly hasFirstTextAt: boolean;
}

async function runOf(messageId: string): Promise<RunRow | undefined> {
  const [row] = await world.sql<RunRow>(
    `select run.state, input_tokens as "inputTokens", output_tokens as "outputTokens",
       usage_estimated as "usageEstimated", cost_micro_dollars as "costMicroDollars",
       first_text_at is not null as "hasFirstTextAt"
     from llm.run join assistant.chat_message on run_id = run.id where chat_message.id = $1 and ended_at is not null`,
    [messageId],
  );
  return row;
}

/** Asks, and reads the answer to its end. */
async function ask(ada: Person, behaviour: object): Promise<string> {
  await world.model({ tokensPerSecond: 0, ...behaviour });
  const { id } = (await ada.ok(SendChatMessage, { input: { content: 'Where do I start?' } })).sendChatMessage.answer;
  for await (const _ of ada.follow(ChatStream, { messageId: id }));
  return id;
}

test('a run keeps the usage that the provider reports, what it costs, and when its text began', async () => {
  const ada = await world.user();
  const id = await ask(ada, { text: 'Here.', usage: { prompt_tokens: 1_001, completion_tokens: 20 } });
  expect(await runOf(id)).toEqual({
    state: 'COMPLETE',
    inputTokens: 1_001,
    outputTokens: 20,
    usageEstimated: false,
    // 1,001 × 0.15 + 20 × 0.6 = 162.15
    costMicroDollars: '163',
    // However soon it ended.
    hasFirstTextAt: true,
  });
});

test.each([
  ['no usage', null, {}],
  ['that nothing was written', { prompt_tokens: 300, completion_tokens: 0 }, { inputTokens: 300 }],
  ['more than there can be', { prompt_tokens: 2 ** 31, completion_tokens: 3e9 }, {}],
])('where the provider reports %s, it is estimated from the texts', async (_, usage, known) => {
  const ada = await world.user();
  const id = await ask(ada, { text: 'x'.repeat(401), usage });
  const { lastMessages } = await world.modelState();
  const prompt = Buffer.byteLength(lastMessages.map(({ content }) => content).join(''));
  expect(await runOf(id)).toMatchObject({
    inputTokens: Math.ceil(prompt / 4),
    outputTokens: 101,
    usageEstimated: true,
    ...known,
  });
});

test('what a model thinks is counted, and paid also when it is stopped before it has written anything', async () => {
  const ada = await world.user();
  const thought = { choices: [{ index: 0, delta: { reasoning_content: 'x'.repeat(400) }, finish_reason: null }] };
  await world.model({ chunks: [thought, thought], hangAfter: 2, tokensPerSecond: 0 });
  const { id } = (await ada.ok(SendChatMessage, { input: { content: 'Where do I start?' } })).sendChatMessage.answer;
  // It is stored as soon as the model begins.
  await eventually(
    () => world.sql('select from llm.run where input_tokens > 0'),
    (rows) => rows.length > 0,
  );
  await ada.ok(StopChatMessage, { input: { messageId: id } });
  const run = await eventually(
    () => runOf(id),
    (row) => row !== undefined,
  );
  expect(run).toMatchObject({ state: 'STOPPED', outputTokens: 200, usageEstimated: true, hasFirstTextAt: false });
  expect((await ada.ok(Credits, {})).credits).toMatchObject({ total: 4, held: 0 });
});

test('of usage that is reported several times the last good count holds', async () => {
  const ada = await world.user();
  const chunk = (usage: object, more: object = { choices: [] }) => ({ ...more, usage });
  const text = { choices: [{ index: 0, delta: { content: 'Here.' }, finish_reason: null }] };
  const chunks = [
    chunk({ prompt_tokens: 500, completion_tokens: 0 }),
    text,
    chunk({ prompt_tokens: 500, completion_tokens: 20 }),
    chunk({ prompt_tokens: 0, completion_tokens: 30 }),
    chunk({ completion_tokens: null }),
  ];
  expect(await runOf(await ask(ada, { chunks, usage: null }))).toMatchObject({
    inputTokens: 500,
    outputTokens: 30,
    usageEstimated: false,
  });
});

test('a question that was taken counts although no text of its answer came', async () => {
  const ada = await world.user();
  await world.model({ hangAfter: 0 });
  const { id } = (await ada.ok(SendChatMessage, { input: { content: 'x' } })).sendChatMessage.answer;
  await eventually(
    () => world.modelState(),
    ({ open }) => open > 0,
  );
  await ada.ok(StopChatMessage, { input: { messageId: id } });
  const run = await eventually(
    () => runOf(id),
    (seen) => seen !== undefined,
  );
  expect(run).toMatchObject({ state: 'STOPPED', outputTokens: 0, usageEstimated: true });
  expect(run?.inputTokens).toBeGreaterThan(50);
});

test('a request that the provider refuses takes nothing', async () => {
  const ada = await world.user();
  world.expectErrors(/a model failed/);
  expect(await runOf(await ask(ada, { status: 400 }))).toMatchObject({
    state: 'FAILED',
    inputTokens: 0,
    outputTokens: 0,
    costMicroDollars: '0',
  });
});

test('a run that is stopped, or whose process is gone, has taken what was written, as it is estimated', async () => {
  const ada = await world.user();
  await world.model({ tokens: Array.from({ length: 500 }, (_, index) => `word${index} `), tokensPerSecond: 50 });
  const begin = async () => {
    const { id } = (await ada.ok(SendChatMessage, { input: { content: 'x' } })).sendChatMessage.answer;
    await eventually(
      () => storedAnswer(world, id),
      (answer) => answer?.content !== '',
    );
    return id;
  };
  const stopped = await begin();
  const { message } = (await ada.ok(StopChatMessage, { input: { messageId: stopped } })).stopChatMessage;
  expect(await runOf(stopped)).toMatchObject({
    state: 'STOPPED',
    outputTokens: Math.ceil(message.content.length / 4),
    usageEstimated: true,
  });
  const lost = await begin();
  await world.sql(
    `update llm.run set lease_owner = gen_random_uuid(), lease_until = now() - interval '1 s' where ended_at is null`,
  );
  for (let looks = 0; looks < 2; looks += 1) await world.runJobs('llm.sweep-runs');
  const run = await runOf(lost);
  const length = (await storedAnswer(world, lost))?.content.length ?? 0;
  expect(run).toMatchObject({ state: 'FAILED', outputTokens: Math.ceil(length / 4), usageEstimated: true });
  expect(run?.inputTokens).toBeGreaterThan(50);
});

test('once a run has ended nothing of what was asked or answered is in its tables', async () => {
  const ada = await world.user();
  const id = await ask(ada, { text: `Begin here ${'and go on '.repeat(300)}` });
  expect((await storedAnswer(world, id))?.content).toHaveLength(3_011);
  const rows = await world.sql<{ text: string }>(
    'select run::text as text from llm.run union all select piece::text from llm.piece',
  );
  expect(rows.filter(({ text }) => /begin|go on|start/i.test(text))).toEqual([]);
  expect(await world.sql('select from llm.piece')).toEqual([]);
});
