import { expect, test } from '@jest/globals';
import { ChatStream, Credits, SendChatMessage, StopChatMessage } from '../../generated/documents.js';
import { storedAnswer } from '../support/answers.js';
import { eventually, harness } from '../support/harness.js';

const world = harness({ apps: 2, worker: false });

test.each([
  ['between two words', { tokens: ['word0 ', 'word1 '], tokensPerSecond: 0.1 }, 'word0 '],
  ['before the first', { delayMs: 20_000 }, ''],
])('a stop through another process is heard while the model is silent, %s', async (_, behaviour, written) => {
  const ada = await world.user();
  await world.model(behaviour);
  const { id: messageId } = (await ada.ok(SendChatMessage, { input: { content: 'x' } })).sendChatMessage.answer;
  const shown: string[] = [];
  let end: unknown;
  const reading = (async () => {
    for await (const { chatStream } of ada.follow(ChatStream, { messageId })) {
      if (chatStream.__typename === 'ChatDelta') shown.push(chatStream.text);
      else end = chatStream;
    }
  })();
  await eventually(
    async () => [(await storedAnswer(world, messageId))?.content, (await world.modelState()).open],
    ([content, open]) => content === written && open === 1,
  );
  const { message } = (await ada.at(world.urlOf(1)).ok(StopChatMessage, { input: { messageId } })).stopChatMessage;
  await reading;
  const stopped = { state: 'STOPPED', content: written };
  expect(message).toMatchObject(stopped);
  expect(end).toMatchObject({ position: written.length, message: stopped });
  expect(shown.join('')).toBe(written);
  await eventually(
    () => world.modelState(),
    ({ open, abortedByClient }) => open === 0 && abortedByClient === 1,
  );
  expect((await ada.ok(Credits, {})).credits).toMatchObject({ held: 0, total: written === '' ? 5 : 4 });
});
