import { CreditBucketName } from '../../entities/billing/credit-bucket.js';
import { CreditEntryKind } from '../../entities/billing/credit-entry.js';
import { dayMs, dayOf, midnightAfter, midnightOf } from '../kernel/days.js';
import type { NewEntry } from './new-entry.js';

/** Days that are granted and expired afterwards at most: what is longer ago nobody could spend, nor can it be any more. */
const maxDaysBehind = 366;

/** The daily bucket as it was written last. */
export interface WrittenDaily {
  readonly balance: number;
  /** The first 00:00 UTC that is not booked yet: what is in the bucket expires then, and the next credits are granted. */
  readonly due: Date;
}

/** What brings the daily bucket up to date, each line at the midnight at which it fell due, and what is in it then. */
export interface BookedDaily extends WrittenDaily {
  readonly entries: readonly NewEntry[];
}

/**
 * The daily bucket at a moment, whether or not anybody has written since: at each 00:00 UTC what is left expires, and
 * what the account is granted on that day comes in.
 * @param grantedAt the credits that are granted at a 00:00 UTC
 */
export function dailyAt(written: WrittenDaily, now: Date, grantedAt: (midnight: Date) => number): BookedDaily {
  const entries: NewEntry[] = [];
  let { balance, due } = written;
  const oldest = midnightOf(now).getTime() - maxDaysBehind * dayMs;
  while (due <= now) {
    if (balance > 0) entries.push(entryOf(CreditEntryKind.EXPIRE, -balance, due));
    balance = due.getTime() < oldest ? 0 : grantedAt(due);
    if (balance > 0) entries.push(entryOf(CreditEntryKind.GRANT, balance, due));
    due = balance === 0 && due.getTime() < oldest ? new Date(oldest) : midnightAfter(due);
  }
  return { balance, due, entries };
}

function entryOf(kind: CreditEntryKind.EXPIRE | CreditEntryKind.GRANT, amount: number, at: Date): NewEntry {
  const reason = kind === CreditEntryKind.GRANT ? 'Daily credits' : 'Expired';
  const key = `daily:${dayOf(at)}:${kind.toLowerCase()}`;
  return { kind, bucket: CreditBucketName.DAILY, amount, reason, key, at };
}
