import { CreditHold } from '../../entities/billing/credit-hold.js';
import { type Context, runStatement } from '../kernel/context.js';
import { type RowIn, rowsWithout } from '../kernel/rows.js';

const holdRows = rowsWithout(CreditHold, ['state']);

/** Credits that are held, as operators see them. */
type HoldRow = RowIn<typeof holdRows>;

/** What is held, of one account or of all, the oldest first. @param accountId null for all @param limit rows at most */
export function listHolds(ctx: Context, accountId: string | null, limit: number): Promise<HoldRow[]> {
  return runStatement<HoldRow>(
    ctx,
    `select ${holdRows.columns} from billing.credit_hold
     where state = 'HELD' and ($1::uuid is null or account_id = $1) order by created_at, id limit $2`,
    [accountId, limit],
  );
}
