import { expect, test } from '@jest/globals';
import { ChatStream, Conversation, Credits, SendChatMessage, StopChatMessage } from '../../generated/documents.js';
import { type App, startApp } from '../../src/app.js';
import type { Context, DetachedContext, Tx } from '../../src/kernel/context.js';
import { createLog } from '../../src/platform/log.js';
import { leaseOf, moveLease, storedAnswer } from '../support/answers.js';
import { Cable } from '../support/cable.js';
import { eventually, harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';
import type { Person } from '../support/person.js';
import { startRoles } from '../support/role.js';

const world = harness({ worker: false, lastingTokens: true });

test('an answer asked for with an Idempotency-Key keeps its lease for as long as it takes', async () => {
  const ada = await world.user();
  const tokens = Array.from({ length: 140 }, (_, index) => `word${index} `);
  await world.model({ tokens, tokensPerSecond: 20 });
  const { answer, conversation } = (
    await ada.ok(SendChatMessage, { input: { content: 'Where do I start?' } }, { 'idempotency-key': 'once' })
  ).sendChatMessage;
  const lease = () => leaseOf(world, answer.id);
  // One whose clock had stopped with the transaction would stay as it is, and lapse.
  await eventually(lease, (ahead) => ahead !== null && ahead < 12);
  await eventually(lease, (ahead) => ahead !== null && ahead > 13);
  for (let looks = 0; looks < 2; looks += 1) await world.runJobs('llm.sweep-runs');
  const messages = await eventually(
    async () => nodesOf((await ada.ok(Conversation, { id: conversation.id })).conversation.messages),
    (nodes) => nodes[1]?.state !== 'STREAMING',
  );
  expect(messages[1]).toMatchObject({ state: 'COMPLETE', content: tokens.join('') });
  expect((await ada.ok(Credits, {})).credits).toMatchObject({ total: 4, held: 0 });
});

/** Whoever writes an answer, whose line to the database is cut since its text has begun. */
interface CutOff {
  readonly ada: Person;
  readonly id: string;
  readonly cable: Cable;
  readonly app: App;
  /** How often the log says that this could not be stored yet. */
  failures(what: 'a piece of a text' | 'the end of a run'): number;
}

async function whileCutOff(tokens: readonly string[], use: (given: CutOff) => Promise<void>): Promise<void> {
  const cable = new Cable(world.config.DATABASE_URL);
  const log: string[] = [];
  const config = { ...world.config, DATABASE_URL: await cable.lay() };
  const app = await startApp(
    config,
    { api: config, worker: null },
    createLog('warn', { write: (line: string) => void log.push(line) }),
  );
  try {
    const ada = (await world.user()).at(app.url ?? '');
    await world.model({ tokens, tokensPerSecond: 20 });
    const { id } = (await ada.ok(SendChatMessage, { input: { content: 'Hello' } })).sendChatMessage.answer;
    await eventually(
      () => stored(id),
      (message) => message.content !== '',
    );
    cable.cut();
    await use({
      ada,
      id,
      cable,
      app,
      failures: (what) => log.filter((line) => line.includes(`${what} could not be stored yet`)).length,
    });
  } finally {
    await app.close();
    await cable.remove();
  }
}

const tokens = Array.from({ length: 20 }, (_, index) => `word${index} `);
const stored = async (id: string) => {
  const { state, content } = (await storedAnswer(world, id)) ?? {};
  return { state, content };
};

test('an answer that ended while the database was away is stored when it is back, also when its lease has lapsed', () =>
  whileCutOff(tokens, async ({ ada, id, cable, failures }) => {
    await world.runJobs('llm.sweep-runs');
    await eventually(
      () => failures('the end of a run'),
      (count) => count > 6,
    );
    // The sweeper has the database back first, and sees for the first time that the lease has lapsed.
    await moveLease(world, id, '0');
    await world.runJobs('llm.sweep-runs');
    cable.isCut = false;
    const message = await eventually(
      () => stored(id),
      (seen) => seen.state !== 'STREAMING',
    );
    expect(message).toEqual({ state: 'COMPLETE', content: tokens.join('') });
    expect((await ada.at(world.url).ok(Credits, {})).credits).toMatchObject({ total: 4, held: 0 });
  }));

test('an answer that is written while the database is away goes on when it is back, also when its lease has lapsed', () => {
  const words = Array.from({ length: 440 }, (_, index) => `word${index} `);
  return whileCutOff(words, async ({ ada, id, cable, failures }) => {
    await eventually(
      () => leaseOf(world, id),
      (ahead) => ahead !== null && ahead < -1,
    );
    // One look of a sweeper's is none.
    await world.runJobs('llm.sweep-runs');
    expect(await stored(id)).toMatchObject({ state: 'STREAMING' });
    expect(failures('a piece of a text')).toBeLessThan(10);
    cable.isCut = false;
    const message = await eventually(
      () => stored(id),
      (seen) => seen.state !== 'STREAMING',
    );
    expect(message).toEqual({ state: 'COMPLETE', content: words.join('') });
    expect((await ada.at(world.url).ok(Credits, {})).credits).toMatchObject({ total: 4, held: 0 });
  });
});

test('a process that ends while the database is away leaves its answer to the sweeper, which sees it lapsed twice', () =>
  whileCutOff(tokens, async ({ ada, id, app, failures }) => {
    await eventually(
      () => failures('the end of a run'),
      (count) => count > 0,
    );
    await app.close();
    expect(failures('the end of a run')).toBeGreaterThan(4);
    await moveLease(world, id, '-1 s');
    await world.runJobs('llm.sweep-runs');
    expect((await stored(id))?.state).toBe('STREAMING');
    await world.runJobs('llm.sweep-runs');
    const message = await stored(id);
    expect(message.state).toBe('FAILED');
    expect(tokens.join('').startsWith(message.content ?? '?')).toBe(true);
    expect((await ada.at(world.url).ok(Credits, {})).credits).toMatchObject({ total: 5, held: 0 });
  }));

test('a stop is final, also when the process that writes the answer stands still and goes on later', async () => {
  const writer = await startRoles(world.config, ['api']);
  try {
    const ada = (await world.user()).at(writer.url);
    await world.model({ tokens: Array.from({ length: 500 }, (_, index) => `word${index} `), tokensPerSecond: 50 });
    const { id: messageId } = (await ada.ok(SendChatMessage, { input: { content: 'Hello' } })).sendChatMessage.answer;
    const shown: string[] = [];
    const reading = (async () => {
      for await (const { chatStream } of ada.follow(ChatStream, { messageId }))
        if (chatStream.__typename === 'ChatDelta') shown.push(chatStream.text);
    })();
    await eventually(
      () => stored(messageId),
      (message) => (message.content?.length ?? 0) > 50,
    );
    writer.freeze();
    const { message } = (await ada.at(world.url).ok(StopChatMessage, { input: { messageId } })).stopChatMessage;
    expect(message.state).toBe('STOPPED');
    const shownBefore = shown.join('');
    // Its provider goes on.
    await eventually(
      () => leaseOf(world, messageId),
      (ahead) => ahead !== null && ahead < -1,
    );
    writer.thaw();
    await reading;
    // A word may have been on its way when it froze.
    expect(shown.join('').slice(shownBefore.length)).toMatch(/^(word\d+ )?$/);
    expect(await stored(messageId)).toEqual({ state: 'STOPPED', content: message.content });
    expect((await ada.at(world.url).ok(Credits, {})).credits).toMatchObject({ total: 4, held: 0 });
  } finally {
    await writer.kill();
  }
});

test('what came from the provider while the process stood still is read, and is no silence', async () => {
  const writer = await startRoles({ ...world.config, AI_IDLE_SECONDS: 2 }, ['api']);
  try {
    const ada = (await world.user()).at(writer.url);
    await world.model({ tokens: tokens.concat(tokens), tokensPerSecond: 20 });
    const { id } = (await ada.ok(SendChatMessage, { input: { content: 'Hello' } })).sendChatMessage.answer;
    await eventually(
      () => stored(id),
      (message) => message.content !== '',
    );
    writer.freeze();
    // Longer than the provider may be silent, and shorter than the lease.
    await eventually(
      () => leaseOf(world, id),
      (ahead) => ahead !== null && ahead < 9,
    );
    writer.thaw();
    const message = await eventually(
      () => stored(id),
      (seen) => seen.state !== 'STREAMING',
    );
    expect(message).toEqual({ state: 'COMPLETE', content: tokens.concat(tokens).join('') });
  } finally {
    await writer.kill();
  }
});

test('what outlives an operation takes no context of a transaction: the compiler refuses it', () => {
  const outlive = (ctx: DetachedContext) => ctx;
  const refused = (ctx: Context, tx: Tx) => [
    // @ts-expect-error it may be a transaction's
    outlive(ctx),
    // @ts-expect-error it is a transaction's
    outlive(tx),
    // @ts-expect-error its clock has stopped
    outlive({ ...tx, unit: null }),
  ];
  expect(refused).toBeInstanceOf(Function);
});
