import { Event } from '../../entities/activity/event.js';
import { IdempotencyKey } from '../../entities/activity/idempotency-key.js';
import { OperatorAction } from '../../entities/activity/operator-action.js';
import { Tombstone } from '../../entities/activity/tombstone.js';
import { type AccountTable, accountTable, type RemoveBatch, unexportedTable } from '../kernel/account-tables.js';
import { runStatement } from '../kernel/context.js';

/** The log can only be added to: the owner's function removes what an account had that is being deleted, and of no other. */
const forgetEvents: RemoveBatch = async (tx, most) => {
  const [row] = await runStatement<{ count: number }>(tx, 'select upkeep.forget_events_of($1, $2) as count', [
    tx.unit.account.id,
    most,
  ]);
  return row?.count === most ? 'MORE' : 'NOTHING_LEFT';
};

/** What the log and its neighbours hold of an account. */
export const activityTables: readonly AccountTable[] = [
  accountTable(Event, {
    name: 'activity',
    what: 'What happened in your account in the last 30 days.',
    of: 'accountId',
    order: ['number'],
    left: { version: 'Of the form in which we store it.', requestId: 'It finds lines of our log.' },
    onDeletion: { kind: 'BY', remove: forgetEvents },
  }),
  accountTable(Tombstone, {
    name: 'deleted-items',
    what: 'What you deleted last, which can still be restored.',
    of: 'accountId',
    order: ['id'],
    left: { slot: 'One of three places, for us.' },
    onDeletion: { kind: 'DELETED' },
  }),
  unexportedTable(IdempotencyKey, {
    because: 'Answers that were given already, and the hashes of their requests, for a day.',
    of: 'userId',
    order: ['key'],
    onDeletion: { kind: 'DELETED' },
  }),
  unexportedTable(OperatorAction, {
    because: 'Who of us did something, for a year; what was done and why is in activity.json.',
    of: 'accountId',
    order: ['id'],
    onDeletion: {
      kind: 'STAYS',
      reason: 'Operators answer for what they did for a year.',
      texts: {
        operator: 'Who of us did it.',
        action: 'One of the names of the code.',
        reason: "An operator's words, who is told to name nobody in them.",
        details: 'Ids and small facts.',
        request_id: 'It finds lines of our log.',
      },
    },
  }),
];
