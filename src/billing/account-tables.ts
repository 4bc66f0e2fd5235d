import { CreditBucket } from '../../entities/billing/credit-bucket.js';
import { CreditDifference } from '../../entities/billing/credit-difference.js';
import { CreditEntry } from '../../entities/billing/credit-entry.js';
import { CreditHold } from '../../entities/billing/credit-hold.js';
import { CreditHoldPart } from '../../entities/billing/credit-hold-part.js';
import { Payment } from '../../entities/billing/payment.js';
import { Subscription } from '../../entities/billing/subscription.js';
import { type AccountTable, accountTable } from '../kernel/account-tables.js';

/** The ledger adds up for good: it stays, of an account that nobody's name belongs to any more. */
const stays = { kind: 'STAYS', reason: 'The ledger adds up for good.', texts: {} } as const;
const worded = {
  ...stays,
  texts: {
    reason: 'A sentence of the code, which says what was paid for and nothing of its content.',
    key: 'Ours: by ids and days, what was booked once.',
  },
} as const;
const ourKey = 'Our mark that it is booked once.';
const ourName = 'What the payment provider and we call it, by which it could be charged.';
const forgotten = 'Forgotten when the account is deleted.';
const cards = { instrument_id: forgotten, card_scheme: forgotten, card_last_four: forgotten } as const;

/** What the ledger holds of an account. */
export const billingTables: readonly AccountTable[] = [
  accountTable(CreditBucket, {
    name: 'credit-buckets',
    what: 'Your credits, by where they came from.',
    of: 'accountId',
    order: ['bucket'],
    onDeletion: stays,
  }),
  accountTable(CreditEntry, {
    name: 'credit-history',
    what: 'Every line of your ledger of credits, the oldest first.',
    of: 'accountId',
    order: ['number'],
    left: { number: 'It counts the lines of all accounts.', key: ourKey },
    onDeletion: worded,
  }),
  accountTable(CreditHold, {
    name: 'credit-holds',
    what: 'Credits that were set aside before something was done, and what became of them.',
    of: 'accountId',
    order: ['id'],
    left: { key: ourKey, leaseUntil: 'Until when a process of ours looks after it.' },
    onDeletion: worded,
  }),
  accountTable(CreditHoldPart, {
    name: 'credit-hold-parts',
    what: 'From which credits those were taken.',
    of: 'accountId',
    order: ['holdId', 'bucket'],
    onDeletion: stays,
  }),
  accountTable(CreditDifference, {
    name: 'credit-differences',
    what: 'Days on which a balance of yours was not what its lines add up to. There should be none.',
    of: 'accountId',
    order: ['day', 'place'],
    onDeletion: stays,
  }),
  accountTable(Subscription, {
    name: 'subscriptions',
    what: 'What you have paid for by the month, the oldest first.',
    of: 'accountId',
    order: ['id'],
    left: { dueAt: 'When our worker looks at it next.', instrumentId: ourName, previousPaymentId: ourName },
    onDeletion: { ...stays, texts: { ...cards, previous_payment_id: forgotten } },
  }),
  accountTable(Payment, {
    name: 'payments',
    what: 'Your payments, the oldest first.',
    of: 'accountId',
    order: ['id'],
    left: { instrumentId: ourName, looks: 'It counts, for us.', lookAt: 'When our worker asks about it next.' },
    onDeletion: {
      ...stays,
      texts: {
        ...cards,
        reference: 'Ours: what the provider has it under in its books.',
        provider_payment_id: "The provider's id of it, by which its books and ours are compared.",
        currency: 'An ISO 4217 code.',
        pack: 'One of the packs that we sell.',
        page_url: forgotten,
        decline_code: "The provider's code of why it was refused.",
      },
    },
  }),
];
