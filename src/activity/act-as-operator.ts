import { z } from 'zod';
import { maxOperatorReason, operatorActionNames } from '../../entities/activity/operator-action.js';
import { operatorActed } from '../events/activity.js';
import { type Context, newId, type RunStatement, type Tx } from '../kernel/context.js';
import { field, parse } from '../kernel/input.js';
import { transaction } from '../kernel/transaction.js';
import { record } from './record.js';

const Act = z.strictObject({ action: z.enum(operatorActionNames), reason: field.line(1, maxOperatorReason) });

/** What an operator does, and why. */
export type OperatorAct = z.input<typeof Act>;

/** Ids and small facts of what was done: what the record keeps besides. Never a secret, nor what users write. */
type OperatorFacts = Readonly<Record<string, unknown>>;

const operatorName = field.line(1, 100);

/**
 * Does something to the account that the context acts for. In the same transaction the account's log gets an event with
 * the reason, and the record of what operators do a row, which names the operator as well and is kept for a year.
 * @param work answers what the record keeps; null when nothing was to be done, and then nothing is recorded
 * @throws VALIDATION_FAILED for a reason or a name that is missing or too long; what `work` throws
 */
export async function actAsOperator<Facts extends OperatorFacts>(
  ctx: Context,
  act: OperatorAct,
  work: (tx: Tx) => Promise<Facts | null>,
): Promise<Facts | null> {
  const { action, reason } = parse(Act, act);
  return transaction(ctx, async (tx) => {
    const facts = await work(tx);
    if (!facts) return null;
    await keep(tx, tx.unit.runStatement, { action, reason }, facts);
    await record(tx, operatorActed(tx.unit.account.id, { action, reason }));
    return facts;
  });
}

/**
 * The same for what is done to no account in particular, such as to jobs. @param work has a transaction of its own, in
 * which the record is written
 */
export async function actOnNoAccount<Facts extends OperatorFacts>(
  ctx: Context,
  act: OperatorAct,
  work: (runStatement: RunStatement) => Promise<Facts | null>,
): Promise<Facts | null> {
  const parsed = parse(Act, act);
  const transaction = await ctx.services.openTransaction();
  try {
    const facts = await work(transaction.runStatement);
    await transaction.commit(facts ? keep(ctx, transaction.runStatement, parsed, facts) : Promise.resolve());
    return facts;
  } catch (error) {
    // Why it is rolled back is what the operator needs to hear.
    await transaction.rollback().catch(() => undefined);
    throw error;
  }
}

/** @throws Error where no operator acts, VALIDATION_FAILED for a name that is too long */
async function keep(
  { actor, accountId, clock, requestId }: Context,
  runStatement: RunStatement,
  { action, reason }: OperatorAct,
  facts: OperatorFacts,
): Promise<void> {
  if (actor?.kind !== 'OPERATOR') throw new Error('This is done by operators alone.');
  const { operator } = parse(z.object({ operator: operatorName }), { operator: actor.name });
  await runStatement(
    `insert into activity.operator_action (id, at, operator, action, account_id, reason, details, request_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [newId(clock), clock.now(), operator, action, accountId, reason, JSON.stringify(facts), requestId],
  );
}
