import { expect, test } from '@jest/globals';
import { Conversation, Credits, SendChatMessage } from '../../generated/documents.js';
import type { Context, DetachedContext, Tx } from '../../src/context.js';
import { eventually, harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';

const world = harness({ worker: false, lastingTokens: true });

test('an answer asked for with an Idempotency-Key keeps its lease for as long as it takes', async () => {
  const ada = await world.user();
  const tokens = Array.from({ length: 60 }, (_, index) => `word${index} `);
  await world.model({ tokens, tokensPerSecond: 20 });
  const { answer, conversation } = (
    await ada.ok(SendChatMessage, { input: { content: 'Where do I start?' } }, { 'idempotency-key': 'once' })
  ).sendChatMessage;
  const leaseUntil = async () => {
    const text = 'select lease_until as until from assistant.chat_message where id = $1';
    return (await world.sql<{ until: Date | null }>(text, [answer.id]))[0]?.until?.getTime() ?? 0;
  };
  // One whose clock had stopped with the transaction would stay as it is, and lapse.
  const first = await leaseUntil();
  await eventually(leaseUntil, (until) => until > first);
  await world.runJobs('assistant.sweep-answers');
  const messages = await eventually(
    async () => nodesOf((await ada.ok(Conversation, { id: conversation.id })).conversation.messages),
    (nodes) => nodes[1]?.state !== 'STREAMING',
  );
  expect(messages[1]).toMatchObject({ state: 'COMPLETE', content: tokens.join('') });
  expect((await ada.ok(Credits, {})).credits).toMatchObject({ total: 4, held: 0 });
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
