import { AiActionState } from '../../../entities/assistant/action.js';
import { record } from '../../activity/index.js';
import { actionExpired } from '../../events/assistant.js';
import { asAccount, type Context, runStatement, type Tx } from '../../kernel/context.js';
import { sweep } from '../../kernel/sweep.js';
import { transaction } from '../../kernel/transaction.js';

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
