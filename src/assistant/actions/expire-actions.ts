import { AiActionState } from '../../../entities/assistant/action.js';
import { record } from '../../activity/index.js';
import { actionExpired } from '../../events/assistant.js';
import { asAccount, type Context, runStatement, type Tx } from '../../kernel/context.js';
import { dayMs } from '../../kernel/days.js';
import { sweep } from '../../kernel/sweep.js';
import { transaction } from '../../kernel/transaction.js';
import { undoDays } from './action-rows.js';

/** Says of proposals whose time is over that it is: whoever reads them sees so before. */
export async function expireActions(ctx: Context): Promise<void> {
  await sweep(ctx, {
    what: 'ending a proposal',
    from: 'assistant.action',
    account: 'account_id',
    where: `state = '${AiActionState.PENDING}' and expires_at <= $1`,
    values: [ctx.clock.now()],
    since: 'expires_at',
    sinceType: 'timestamptz',
    id: 'id',
    work: ({ id, accountId }) => transaction(asAccount(ctx, accountId), (tx) => expire(tx, id)),
  });
}

/** Its user may have decided since it was found. */
async function expire(tx: Tx, id: string): Promise<void> {
  const expired = await runStatement(
    tx,
    `update assistant.action set state = $3, decided_at = expires_at
     where account_id = $1 and id = $2 and state = 'PENDING' returning id`,
    [tx.unit.account.id, id, AiActionState.EXPIRED],
  );
  if (expired.length > 0) await record(tx, actionExpired(id, {}));
}

/** Forgets what would take back what can be taken back no more; and as long behind that proposals that have no answer. */
export async function forgetActions(ctx: Context): Promise<void> {
  const daysAgo = (days: number) => new Date(ctx.clock.now().getTime() - days * dayMs);
  await runStatement(ctx, 'update assistant.action set undo = null where undo is not null and decided_at <= $1', [
    daysAgo(undoDays),
  ]);
  await runStatement(
    ctx,
    `delete from assistant.action where message_id is null and decided_at <= $1
       and not exists (select from assistant.suggestion where account_id = action.account_id and action_id = action.id)`,
    [daysAgo(2 * undoDays)],
  );
}
