import { z } from 'zod';
import { PaymentPurpose } from '../../../entities/billing/payment.js';
import { type Context, requireAccount, requirePerson, runStatement, type Tx } from '../../kernel/context.js';
import { dayMs } from '../../kernel/days.js';
import { AppError, type DeclaredErrors } from '../../kernel/errors.js';
import { parse, parseErrors } from '../../kernel/input.js';
import { boughtCreditsDays, type CreditPack, maxBoughtCredits, packs } from '../prices.js';
import { type Checkout, checkout, checkoutErrors } from './checkout.js';
import { beginPayment } from './payment-store.js';

const Input = z.strictObject({ packId: z.string() });

export const buyCreditsErrors: DeclaredErrors = {
  ...parseErrors,
  ...checkoutErrors,
  PURCHASE_LIMIT_EXCEEDED: '`limit`, `purchasable`',
};

/** Begins to buy a pack of credits; asked again while its page is open, it is the same one. */
export async function buyCredits(ctx: Context, input: unknown): Promise<Checkout> {
  requirePerson(ctx);
  const { packId } = parse(Input, input);
  const pack = packs.find(({ id }) => id === packId);
  if (!pack) {
    const rule = `must be one of ${packs.map(({ id }) => id).join(', ')}`;
    throw new AppError('VALIDATION_FAILED', `packId: ${rule}`, { fields: [{ field: 'packId', rule }] });
  }
  return checkout(ctx, PaymentPurpose.CREDITS, async (tx, open) => {
    const same = open.find((payment) => payment.pack === pack.id);
    if (same) return same;
    await requireRoom(tx, pack);
    const { id, cents, credits } = pack;
    return beginPayment(tx, { purpose: PaymentPurpose.CREDITS, amountCents: cents, pack: id, credits });
  });
}

/** @throws PURCHASE_LIMIT_EXCEEDED */
async function requireRoom(tx: Tx, { credits }: CreditPack): Promise<void> {
  const purchasable = await readPurchasable(tx);
  if (credits <= purchasable) return;
  throw new AppError(
    'PURCHASE_LIMIT_EXCEEDED',
    `At most ${maxBoughtCredits} credits can be bought in ${boughtCreditsDays} days: ${purchasable} more right now.`,
    { limit: maxBoughtCredits, purchasable },
  );
}

/** How many credits the caller may buy now: what was bought in the last 30 days and did not go back, or may be paid still, counts. */
export async function readPurchasable(ctx: Context): Promise<number> {
  const since = new Date(ctx.clock.now().getTime() - boughtCreditsDays * dayMs);
  const [row] = await runStatement<{ bought: number }>(
    ctx,
    `select coalesce(sum(credits), 0)::int as bought from billing.payment
     where account_id = $1 and purpose = 'CREDITS' and not is_surplus
       and (state = 'PENDING' or (state = 'SUCCEEDED' and succeeded_at > $2 and refunded_cents < amount_cents))`,
    [requireAccount(ctx), since],
  );
  return Math.max(0, maxBoughtCredits - (row?.bought ?? 0));
}
