import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { CreditBucketName } from '../../../entities/billing/credit-bucket.js';
import { actAsOperator } from '../../activity/index.js';
import { adjustCredits, maxAdjustment, readCredits } from '../../billing/index.js';
import { actOf, defineCommand, typedNumber, typedUser } from '../command.js';
import { userOf } from '../users.js';

const buckets = Object.values(CreditBucketName).join(', ');

export const grant = defineCommand({
  name: 'grant',
  says: 'Adds credits to an account, which its history shows with the reason; to take some away, `grant USER --reason TEXT -- -5`.',
  words: ['user', 'credits'],
  options: {
    bucket: { value: 'BUCKET', says: `Where they go: ${buckets}; PURCHASED when not given.` },
    key: { value: 'KEY', says: 'Names this grant: a second one with the same key changes nothing.' },
  },
  input: z.strictObject({
    user: typedUser,
    credits: typedNumber(-maxAdjustment, maxAdjustment).refine((credits) => credits !== 0, 'must not be 0'),
    bucket: z.enum(CreditBucketName, `must be one of ${buckets}`).default(CreditBucketName.PURCHASED),
    key: z
      .string()
      .regex(/^[\x21-\x7e]{1,100}$/, 'must have 1 to 100 visible ASCII characters')
      .default(() => randomUUID()),
  }),
  changes: true,
  run: async (session, { user: named, credits, bucket, key }) => {
    const { ctx, user } = await userOf(session, named);
    const act = actOf(session, 'CREDITS_GRANTED');
    const adjustment = { bucket, amount: credits, reason: act.reason, key: `operator:${key}` };
    const facts = await actAsOperator(ctx, act, async (tx) =>
      (await adjustCredits(tx, adjustment)) ? { bucket, credits, key } : null,
    );
    const { total } = await readCredits(ctx);
    const data = { user: user.id, bucket, credits, key, granted: facts !== null, total };
    const done = facts ? `${credits} credits in ${bucket}` : 'Nothing: this key was used before';
    return { data, text: `${user.id}: ${done}; ${total} credits in all. Key: ${key}` };
  },
});
