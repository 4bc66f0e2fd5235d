export { billingTables } from './account-tables.js';
export { adjustCredits, maxAdjustment } from './adjust-credits.js';
export type { Balances } from './balances.js';
export { checkLedgers, type LedgerFault } from './check-ledgers.js';
export { closeBooks } from './close-books.js';
export type { CreditEntryRow } from './credit-history.js';
export { bookDue, countCreditEntries, listCreditEntries, listCreditEntriesErrors } from './credit-history.js';
export type { CreditStatement } from './credit-statement.js';
export { readCreditStatement, readCreditStatementErrors } from './credit-statement.js';
export type { Credits } from './credits.js';
export { readCredits } from './credits.js';
export { refundHold, settleHold } from './end-hold.js';
export { grantDailyCredits } from './grant-daily-credits.js';
export { grantKickstart } from './grant-kickstart.js';
export { type HoldRequest, holdCredits } from './hold-credits.js';
export { renewHold, sweepHolds } from './hold-lease.js';
export { listHolds } from './list-holds.js';
export { buyCredits, buyCreditsErrors, readPurchasable } from './payments/buy-credits.js';
export type { Checkout } from './payments/checkout.js';
export { lookAtPayments } from './payments/look-at-payments.js';
export { reconcilePayments } from './payments/reconcile-payments.js';
export { packs } from './prices.js';
export {
  type Billing,
  countPayments,
  listPayments,
  listPaymentsErrors,
  type PaymentRow,
  paymentsById,
  readBilling,
  type SubscriptionRow,
  subscriptionsById,
} from './read-billing.js';
export { reconcileCredits } from './reconcile-credits.js';
export { renewSubscriptionCredits } from './renew-subscription-credits.js';
export {
  cancelSubscription,
  cancelSubscriptionErrors,
  resumeSubscription,
  resumeSubscriptionErrors,
} from './subscriptions/cancel-subscription.js';
export { endPro, givePro } from './subscriptions/give-plan.js';
export {
  startProCheckout,
  startProCheckoutErrors,
  updatePaymentMethod,
  updatePaymentMethodErrors,
} from './subscriptions/start-checkout.js';
export { type Upcoming, upcomingOf } from './subscriptions/upcoming.js';
export { workSubscriptions } from './subscriptions/work-subscriptions.js';
export { listPaymentEvents, retryPaymentEvents } from './webhooks/left-events.js';
export { forgetEventBodies, processPaymentEvents } from './webhooks/process-events.js';
export { countUnsignedEvent, receivePaymentEvent } from './webhooks/receive-event.js';
