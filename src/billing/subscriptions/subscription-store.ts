import { Subscription, SubscriptionState } from '../../../entities/billing/subscription.js';
import type { Instrument, Tx } from '../../kernel/context.js';

/** The subscription of the transaction's account that is not over, if there is one. */
export function findLive(tx: Tx): Promise<Subscription | null> {
  const accountId = tx.unit.account.id;
  return tx.entities().findOne(Subscription, { accountId, product: 'PRO', state: { $ne: SubscriptionState.EXPIRED } });
}

/** The same, or where none is left the one that began last. */
export async function findCurrent(tx: Tx): Promise<Subscription | null> {
  const newest = { orderBy: { createdAt: 'desc', id: 'desc' } } as const;
  const { id: accountId } = tx.unit.account;
  return (await findLive(tx)) ?? tx.entities().findOne(Subscription, { accountId, product: 'PRO' }, newest);
}

/** One of the transaction's account. */
export function findSubscription(tx: Tx, id: string): Promise<Subscription | null> {
  return tx.entities().findOne(Subscription, { accountId: tx.unit.account.id, id });
}

/** Has a card renew it from now on. */
export function useCard(subscription: Subscription, instrument: Instrument): void {
  subscription.instrumentId = instrument.id;
  subscription.cardScheme = instrument.scheme;
  subscription.cardLastFour = instrument.lastFour;
  // Good until the end of its month: until the first of the next one.
  subscription.cardGoodUntil = new Date(Date.UTC(instrument.expiryYear, instrument.expiryMonth, 1));
  subscription.needsNewCard = false;
}
