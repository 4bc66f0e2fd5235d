import { type Payment, PaymentPurpose } from '../../../entities/billing/payment.js';
import { record } from '../../activity/index.js';
import { readMe } from '../../auth/index.js';
import { paymentBegun } from '../../events/billing.js';
import {
  AnswersLater,
  type Context,
  requireAccount,
  requireAppUrl,
  runStatement,
  type Tx,
  unavailable,
} from '../../kernel/context.js';
import type { DeclaredErrors } from '../../kernel/errors.js';
import { transaction } from '../../kernel/transaction.js';
import { dollars } from '../prices.js';
import { askProvider } from './ask-provider.js';
import { nextLookAt } from './next-look.js';
import { findOpenPages, loadPayment } from './payment-store.js';

/** Where a payer goes. */
export interface Checkout {
  readonly url: string;
  /** What the provider and `Billing.payments` know it by. */
  readonly reference: string;
}

/** What every way to a page is refused with. */
export const checkoutErrors: DeclaredErrors = { UNAVAILABLE: 'the payment provider is away' };

/** A page that closes sooner is not shown again: nobody could pay on it in time. */
const leastOpenMs = 120_000;

/** Answers one of the payments that are open for the purpose, or begins one. @throws what it is refused with */
type Begin = (tx: Tx, open: readonly Payment[]) => Promise<Payment>;

/**
 * Answers where the payer goes. The payment is begun in a transaction; its page is made behind that, and found by the second
 * execution of the operation. Asked again while the page is open it is the same one.
 * @throws AnswersLater until the page is there; UNAVAILABLE
 */
export async function checkout(ctx: Context, purpose: PaymentPurpose, begin: Begin): Promise<Checkout> {
  const id = ctx.begun ?? (await findOrBegin(ctx, purpose, begin));
  const [known] = await runStatement<{ url: string | null; reference: string }>(
    ctx,
    `select page_url as url, reference from billing.payment where account_id = $1 and id = $2 and state = 'PENDING'`,
    [requireAccount(ctx), id],
  );
  // It was given up while its page was being made, or paid by whoever asked at the same time.
  if (!known) throw unavailable('The payment page is not open any more. Begin again.');
  if (known.url !== null) return { url: known.url, reference: known.reference };
  throw new AnswersLater(id, () => makePage(ctx, id));
}

function findOrBegin(ctx: Context, purpose: PaymentPurpose, begin: Begin): Promise<string> {
  return transaction(ctx, async (tx) => {
    const closing = new Date(tx.clock.now().getTime() + leastOpenMs);
    const pages = await findOpenPages(tx, purpose);
    const open = pages.filter(({ pageExpiresAt }) => pageExpiresAt === null || pageExpiresAt > closing);
    const payment = await begin(tx, open);
    if (pages.includes(payment)) return payment.id;
    const { id, amountCents, currency } = payment;
    payment.lookAt = nextLookAt(payment, tx.clock.now());
    await tx.flush();
    await record(tx, paymentBegun(id, { purpose, amountCents, currency }));
    return id;
  });
}

/** Makes a page, unless somebody else was first: then that one counts, and nobody ever sees this one. */
async function makePage(ctx: Context, id: string): Promise<void> {
  const { email } = await readMe(ctx);
  const { reference, amountCents, currency, purpose, credits } = await transaction(ctx, (tx) => loadPayment(tx, id));
  const request = {
    ...{ reference, amountCents, currency, email },
    description: descriptionOf(purpose, credits, amountCents),
    isRecurring: purpose !== PaymentPurpose.CREDITS,
    ...returnUrls(requireAppUrl(ctx.services), reference),
  };
  const page = await askProvider(ctx, 'page', () => ctx.providers.payments.openPage(request));
  await transaction(ctx, async (tx) => {
    const payment = await loadPayment(tx, id);
    if (payment.pageUrl === null) Object.assign(payment, { pageUrl: page.url, pageExpiresAt: page.expiresAt });
  });
}

/** Where the client shows what has become of a payment; what the browser says there changes nothing. */
function returnUrls(appUrl: string, reference: string) {
  const url = (outcome: string) => `${appUrl}/billing/${outcome}?reference=${reference}`;
  return { successUrl: url('success'), failureUrl: url('failure'), cancelUrl: url('cancel') };
}

function descriptionOf(purpose: PaymentPurpose, credits: number | null, amountCents: number): string {
  if (purpose === PaymentPurpose.CARD) return 'Perpetua Flow Pro, new card';
  if (purpose === PaymentPurpose.PRO) return `Perpetua Flow Pro, ${dollars(amountCents)} a month`;
  return `Perpetua Flow, ${credits} credits`;
}
