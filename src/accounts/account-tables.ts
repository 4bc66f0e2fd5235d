import { Account } from '../../entities/accounts/account.js';
import { Allowance } from '../../entities/accounts/allowance.js';
import { type AccountTable, accountTable } from '../kernel/account-tables.js';

const counts = 'It counts, for us.';

/** What the accounts' tables hold of an account. */
export const accountsTables: readonly AccountTable[] = [
  accountTable(Account, {
    name: 'account',
    what: 'Your account: its plan, and when it was made.',
    of: 'id',
    order: ['id'],
    left: { head: counts, deletedAt: 'Nobody is there to read it.', emptiedAt: 'Nobody is there to read it.' },
    onDeletion: { kind: 'STAYS', reason: 'The ledger and what models cost refer to it.', texts: {} },
  }),
  accountTable(Allowance, {
    name: 'allowances',
    what: 'What was added to the limits of your plan, and for what.',
    of: 'accountId',
    order: ['key'],
    onDeletion: { kind: 'DELETED' },
  }),
];
