import { RefreshToken } from '../../entities/auth/refresh-token.js';
import { Session } from '../../entities/auth/session.js';
import { User } from '../../entities/auth/user.js';
import { type AccountTable, accountTable, unexportedTable } from '../kernel/account-tables.js';

/** Who somebody is and where they are signed in; the person comes last, since all else refers to them. */
export const authTables: readonly AccountTable[] = [
  unexportedTable(RefreshToken, {
    because: 'Hashes of secrets.',
    of: { where: 'session_id in (select id from auth.session where user_id = $1)' },
    order: ['id'],
    onDeletion: { kind: 'DELETED' },
  }),
  accountTable(Session, {
    name: 'sessions',
    what: 'Where you are signed in.',
    of: 'userId',
    order: ['id'],
    left: { generation: 'It counts, for us.' },
    onDeletion: { kind: 'DELETED' },
  }),
  accountTable(User, {
    name: 'profile',
    what: 'You: what Google told us when you signed in last, and your settings.',
    of: 'id',
    order: ['id'],
    onDeletion: { kind: 'DELETED' },
  }),
];
