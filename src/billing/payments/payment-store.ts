import { Payment, PaymentState } from '../../../entities/billing/payment.js';
import { type Context, newId, runStatement, type Tx } from '../../kernel/context.js';
import { currency } from '../prices.js';

/** Whose a payment is. */
export interface OwnedPayment {
  readonly accountId: string;
  readonly id: string;
}

/** What is particular to a new payment. */
type PaymentOf = Pick<Payment, 'purpose' | 'amountCents'> &
  Partial<Pick<Payment, 'pack' | 'credits' | 'subscriptionId' | 'periodStart' | 'attempt' | 'instrumentId' | 'lookAt'>>;

/** Begins a payment of the transaction's account, which the provider knows nothing of yet. */
export function beginPayment(tx: Tx, own: PaymentOf): Payment {
  const id = newId(tx.clock);
  const payment = new Payment({
    id,
    accountId: tx.unit.account.id,
    provider: 'CHECKOUT',
    reference: referenceOf(id),
    currency,
    pack: null,
    credits: null,
    subscriptionId: null,
    periodStart: null,
    attempt: null,
    instrumentId: null,
    lookAt: null,
    createdAt: tx.clock.now(),
    ...own,
  });
  tx.entities().persist(payment);
  return payment;
}

/** American Express takes references of 30 characters at most, so a UUID is 25 in base 36. */
function referenceOf(id: string): string {
  return BigInt(`0x${id.replaceAll('-', '')}`)
    .toString(36)
    .padStart(25, '0');
}

/** One of the transaction's account. @throws Error when there is none */
export function loadPayment(tx: Tx, id: string): Promise<Payment> {
  return tx.entities().findOneOrFail(Payment, { accountId: tx.unit.account.id, id });
}

/** The charges of a subscription for periods that begin then or later, the newest first. */
export function findCharges(tx: Tx, subscriptionId: string, from: Date): Promise<Payment[]> {
  const charged = { subscriptionId, periodStart: { $gte: from }, attempt: { $ne: null } };
  return tx.entities().find(Payment, { accountId: tx.unit.account.id, ...charged }, { orderBy: { id: 'desc' } });
}

/** What the account may still pay for a purpose on pages, the newest first. */
export function findOpenPages(tx: Tx, purpose: Payment['purpose']): Promise<Payment[]> {
  const open = { purpose, state: PaymentState.PENDING, attempt: null };
  return tx.entities().find(Payment, { accountId: tx.unit.account.id, ...open }, { orderBy: { id: 'desc' } });
}

/** What was begun for Pro behind a payment, and is not decided. */
export function findUndecidedMonths(ctx: Context, { accountId, id }: OwnedPayment): Promise<OwnedPayment[]> {
  return runStatement<OwnedPayment>(
    ctx,
    `select account_id as "accountId", id from billing.payment
     where account_id = $1 and purpose = 'PRO' and state = 'PENDING' and id > $2 order by id`,
    [accountId, id],
  );
}

/** Whose payment the provider speaks of, by the provider's id of it or else by our reference; null when it is none of ours. */
export async function findOwner(
  ctx: Context,
  { id, reference }: { readonly id: string; readonly reference: string | null },
): Promise<OwnedPayment | null> {
  const [row] = await runStatement<OwnedPayment>(
    ctx,
    `select account_id as "accountId", id from billing.payment
     where provider = 'CHECKOUT' and (provider_payment_id = $1 or reference = $2)
     order by provider_payment_id is not distinct from $1 desc limit 1`,
    [id, reference],
  );
  return row ?? null;
}
