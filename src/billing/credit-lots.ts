import type { CreditBucketName } from '../../entities/billing/credit-bucket.js';
import { type CreditEntry, CreditEntryKind } from '../../entities/billing/credit-entry.js';
import { runStatement, type Tx } from '../kernel/context.js';

/** A line of one bucket. */
type LotEntry = Pick<CreditEntry, 'kind' | 'amount' | 'key' | 'holdId'>;

/** Credits that came in together. */
interface Lot {
  readonly source: string;
  readonly amount: number;
}

/**
 * By what a line came: the beginning of its key, such as `payment:<id>:`, where that ends with `grant`, or with `back:<id>`,
 * which takes of what was granted, or gives it back; of others the whole key.
 */
function sourceOf(key: string): string {
  return key.replace(/(?<=:)(grant|back:[^:]*)$/, '');
}

/** Reads whose credits lie in a bucket of the transaction's account, by all of its lines: for what is rare. */
export async function readLots(tx: Tx, bucket: CreditBucketName): Promise<CreditLots> {
  const entries = await runStatement<LotEntry>(
    tx,
    `select kind, amount, key, hold_id as "holdId" from billing.credit_entry
     where account_id = $1 and bucket = $2 order by number`,
    [tx.unit.account.id, bucket],
  );
  const lots = new CreditLots();
  for (const entry of entries) lots.apply(entry);
  return lots;
}

/**
 * Whose credits lie in a bucket. Those that came first are spent first; what was held, paid for an operation or taken with
 * its payment is the first again when it comes back.
 */
class CreditLots {
  /** The oldest first. */
  #free: readonly Lot[] = [];
  /** What operations hold, and have paid, by their hold. */
  readonly #held = new Map<string, readonly Lot[]>();
  readonly #paid = new Map<string, readonly Lot[]>();
  #expired: readonly Lot[] = [];

  /** Credits of a source that can be spent. */
  freeOf(source: string): number {
    return sumOf(this.#free.filter((lot) => lot.source === source));
  }

  /** Follows one line more. */
  apply({ kind, amount, key, holdId }: LotEntry): void {
    if (kind === CreditEntryKind.GRANT) this.#add(sourceOf(key), amount);
    else if (kind === CreditEntryKind.HOLD) this.#held.set(holdId ?? key, this.#takeOldest(-amount));
    else if (kind === CreditEntryKind.RELEASE) this.#putBack(this.#held, holdId ?? key, amount);
    else if (kind === CreditEntryKind.SPEND) this.#paid.set(holdId ?? key, this.#takeOldest(-amount));
    else if (kind === CreditEntryKind.EXPIRE) this.#expired = this.#takeOldest(-amount);
    // The newest of what has just expired.
    else if (kind === CreditEntryKind.CARRY_OVER) this.#free = split(this.#expired, sumOf(this.#expired) - amount)[1];
    else if (holdId !== null) this.#putBack(this.#paid, holdId, amount);
    else this.#change(key, amount);
  }

  /** What went with its payment, and came back with it; or what an operator gave or took. */
  #change(key: string, amount: number): void {
    const source = sourceOf(key);
    if (amount < 0) this.#takeOf(source, -amount);
    else if (source === key) this.#add(source, amount);
    else this.#free = [{ source, amount }, ...this.#free];
  }

  #add(source: string, amount: number): void {
    this.#free = [...this.#free, { source, amount }];
  }

  #takeOldest(amount: number): readonly Lot[] {
    const [taken, left] = split(this.#free, amount);
    this.#free = left;
    return taken;
  }

  /** Of a source, and what it has not of the oldest. */
  #takeOf(source: string, amount: number): void {
    let missing = amount;
    this.#free = this.#free.map((lot) => {
      const taken = lot.source === source ? Math.min(lot.amount, missing) : 0;
      missing -= taken;
      return { source: lot.source, amount: lot.amount - taken };
    });
    this.#takeOldest(missing);
  }

  #putBack(from: Map<string, readonly Lot[]>, operation: string, amount: number): void {
    const [back] = split(from.get(operation) ?? [], amount);
    from.delete(operation);
    this.#free = [...back, ...this.#free];
  }
}

function sumOf(lots: readonly Lot[]): number {
  return lots.reduce((sum, { amount }) => sum + amount, 0);
}

/** So many credits of the first lots, and the rest. */
function split(lots: readonly Lot[], amount: number): [Lot[], Lot[]] {
  const [first, rest]: [Lot[], Lot[]] = [[], []];
  let missing = amount;
  for (const { source, amount: there } of lots) {
    const taken = Math.min(there, missing);
    missing -= taken;
    if (taken > 0) first.push({ source, amount: taken });
    if (there > taken) rest.push({ source, amount: there - taken });
  }
  return [first, rest];
}
