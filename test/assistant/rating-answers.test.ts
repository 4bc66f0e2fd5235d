import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import {
  Activity,
  Conversation,
  RateAnswer,
  RegenerateAnswer,
  SendChatMessage,
  StopChatMessage,
} from '../../generated/documents.js';
import { askAndRead, endOf } from '../support/answers.js';
import { harness } from '../support/harness.js';
import { scrape } from '../support/metrics.js';
import { nodesOf } from '../support/pages.js';
import type { Person } from '../support/person.js';

const world = harness({ worker: false });

const rate = async (person: Person, messageId: string, more: object) =>
  (await person.ok(RateAnswer, { input: { messageId, ...more } })).rateAnswer.message;
const ratingsOf = async (person: Person, id: string) => {
  const { messages } = (await person.ok(Conversation, { id, superseded: true })).conversation;
  return nodesOf(messages).map(({ rating, feedback }) => [rating, feedback]);
};

test('an answer is rated with a reason, rated otherwise, and not rated any more', async () => {
  const ada = await world.user();
  await world.model({ tokensPerSecond: 0 });
  const { answer, conversation } = await askAndRead(ada, 'Hello');
  const stored = async () => (await ratingsOf(ada, conversation.id))[1];
  expect(await stored()).toEqual([null, null]);
  const steps: [object, unknown][] = [
    [{ rating: 'GOOD' }, ['GOOD', null]],
    [{ feedback: 'It knew\r\nwhat to do. ' }, ['GOOD', 'It knew\nwhat to do.']],
    [{ rating: 'BAD' }, ['BAD', 'It knew\nwhat to do.']],
    [{}, ['BAD', 'It knew\nwhat to do.']],
    [{ feedback: null }, ['BAD', null]],
    [{ rating: null, feedback: 'x'.repeat(2_000) }, [null, 'x'.repeat(2_000)]],
    [{ feedback: null }, [null, null]],
  ];
  for (const [given, expected] of steps) {
    const { rating, feedback } = await rate(ada, answer.id, given);
    expect([rating, feedback]).toEqual(expected);
    expect(await stored()).toEqual(expected);
  }
});

test('a rating is an event that says nothing of its reason, and none when nothing has changed', async () => {
  const ada = await world.user();
  await world.model({ tokensPerSecond: 0 });
  const { answer } = await askAndRead(ada, 'Hello');
  for (const given of [
    { rating: 'GOOD', feedback: 'Because.' },
    { rating: 'GOOD', feedback: 'Because.' },
    { rating: null },
  ])
    await rate(ada, answer.id, given);
  const filter = { types: ['chat_message.rated'] };
  const found = nodesOf((await ada.ok(Activity, { filter })).activity);
  expect(found.map(({ entityId, metadata }) => [entityId, metadata])).toEqual([
    [answer.id, { rating: null }],
    [answer.id, { rating: 'GOOD' }],
  ]);
});

test('an answer that was stopped, and one that another took the place of, are rated too', async () => {
  const ada = await world.user();
  await world.model({ hangAfter: 0 });
  const { answer, conversation } = (await ada.ok(SendChatMessage, { input: { content: 'Hello' } })).sendChatMessage;
  await ada.ok(StopChatMessage, { input: { messageId: answer.id } });
  await rate(ada, answer.id, { rating: 'BAD' });
  await world.model({ text: 'Here.', tokensPerSecond: 0 });
  const { regenerateAnswer } = await ada.ok(RegenerateAnswer, { input: { messageId: answer.id } });
  await endOf(ada, regenerateAnswer.answer.id);
  await rate(ada, answer.id, { feedback: 'It said nothing.' });
  await rate(ada, regenerateAnswer.answer.id, { rating: 'GOOD' });
  expect(await ratingsOf(ada, conversation.id)).toEqual([
    [null, null],
    ['BAD', 'It said nothing.'],
    ['GOOD', null],
  ]);
});

test('only an answer is rated, by whose it is, once it has ended, and in at most 2,000 characters', async () => {
  const [ada, bob] = [await world.user(), await world.user('Bob')];
  await world.model({ hangAfter: 0 });
  const { question, answer } = (await ada.ok(SendChatMessage, { input: { content: 'Hello' } })).sendChatMessage;
  const input = { messageId: answer.id, rating: 'GOOD' } as const;
  await ada.refused(RateAnswer, { input }, 'CONFLICT');
  await ada.ok(StopChatMessage, { input: { messageId: answer.id } });
  await bob.refused(RateAnswer, { input }, 'FORBIDDEN');
  await ada.refused(RateAnswer, { input: { ...input, messageId: randomUUID() } }, 'NOT_FOUND');
  await ada.refused(RateAnswer, { input: { ...input, messageId: question.id } }, 'VALIDATION_FAILED');
  for (const feedback of [' ', 'x'.repeat(2_001)])
    await ada.refused(RateAnswer, { input: { ...input, feedback } }, 'VALIDATION_FAILED');
  const put = (column: string, value: string) =>
    world.sql(`update assistant.chat_message set ${column} = $2 where id = $1`, [question.id, value]);
  await expect(put('rating', 'GOOD')).rejects.toThrow('chat_message_rated_is_answer');
  await expect(put('feedback', 'x')).rejects.toThrow('chat_message_rated_is_answer');
});

test('ratings are counted by what they say, and one that stays the same is not', async () => {
  const ada = await world.user();
  await world.model({ tokensPerSecond: 0 });
  const { answer } = await askAndRead(ada, 'Hello');
  for (const rating of ['GOOD', 'GOOD', 'BAD', null, 'BAD']) await rate(ada, answer.id, { rating });
  await rate(ada, answer.id, { feedback: 'No.' });
  const seen = await scrape(world.url);
  expect(['GOOD', 'BAD'].map((rating) => seen.get(`answers_rated_total{rating="${rating}"}`))).toEqual([1, 2]);
});
