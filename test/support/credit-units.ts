/** The buckets in the order in which they are spent. */
const spendingOrder = ['daily', 'subscription', 'purchased', 'kickstart'] as const;
type BucketName = (typeof spendingOrder)[number];

const maxCarriedOver = 50;

/** Credits of one purchase, and how much of its money went back. */
interface Purchase {
  readonly bucket: 'subscription' | 'purchased';
  readonly source: string;
  readonly credits: number;
  readonly cents: number;
  goneCents: number;
  /** The paid period that it began; 0 for a pack. */
  readonly period: number;
  /** In which paid period each credit was taken that is still taken. */
  readonly takenIn: number[];
}

/** Credits of one bucket that an operation has set aside. */
interface HeldPart {
  readonly bucket: BucketName;
  readonly units: readonly string[];
  readonly day: number;
  readonly period: number;
}

/**
 * An account's credits one by one, each known by what brought it: slow, and simple enough to be right. The product reckons
 * with lots that it reads from lines; both must come to the same balances.
 */
export class CreditUnits {
  readonly #buckets = new Map<BucketName, string[]>(spendingOrder.map((name) => [name, []]));
  readonly #purchases: Purchase[] = [];
  readonly #holds: HeldPart[][] = [];
  #day = 0;
  #period = 0;
  #carried = 0;
  #gifts = 0;

  constructor() {
    this.#of('kickstart').push(...units('kickstart', 5));
  }

  get holds(): number {
    return this.#holds.length;
  }

  get total(): number {
    return spendingOrder.reduce((sum, name) => sum + this.#of(name).length, 0);
  }

  balances(): Record<BucketName | 'held', number> {
    const count = (name: BucketName) => this.#of(name).length;
    const held = this.#holds.flat().reduce((sum, part) => sum + part.units.length, 0);
    return {
      daily: count('daily'),
      subscription: count('subscription'),
      purchased: count('purchased'),
      kickstart: count('kickstart'),
      held,
    };
  }

  /** Daily credits are no matter of purchases: so many there are. */
  setDaily(amount: number, isNewDay: boolean): void {
    if (isNewDay) this.#day += 1;
    this.#buckets.set('daily', units('daily', amount));
  }

  gift(amount: number): void {
    this.#gifts += 1;
    this.#of('purchased').push(...units(`gift ${this.#gifts}`, amount));
  }

  buy(source: string, credits: number, cents: number): void {
    this.#purchases.push({ bucket: 'purchased', source, credits, cents, goneCents: 0, period: 0, takenIn: [] });
    this.#of('purchased').push(...units(source, credits));
  }

  beginMonth(source: string): void {
    const kept = this.#of('subscription').slice(-maxCarriedOver);
    this.#carried = kept.length;
    this.#period += 1;
    const month = { source, credits: 100, cents: 500, goneCents: 0, period: this.#period, takenIn: [] };
    this.#purchases.push({ bucket: 'subscription', ...month });
    this.#buckets.set('subscription', [...kept, ...units(source, 100)]);
  }

  hold(amount: number): void {
    let missing = amount;
    const parts: HeldPart[] = [];
    for (const bucket of spendingOrder) {
      const taken = this.#of(bucket).splice(0, missing);
      missing -= taken.length;
      if (taken.length > 0) parts.push({ bucket, units: taken, day: this.#day, period: this.#period });
    }
    this.#holds.push(parts);
  }

  /** Ends one of the holds. */
  settle(place: number, credits: number): void {
    const [parts = []] = this.#holds.splice(place, 1);
    let unpaid = credits;
    for (const part of parts) {
      const rest = part.units.slice(unpaid);
      unpaid = Math.max(0, unpaid - part.units.length);
      this.#return({ ...part, units: rest });
    }
    this.#takeAll();
  }

  /** From now on so much of a purchase's money is away. */
  goneOf(source: string, cents: number): void {
    const purchase = this.#purchases.find((each) => each.source === source);
    if (!purchase) throw new Error('There is no such purchase.');
    purchase.goneCents = cents;
    const owed = owedOf(purchase);
    // What was taken last comes back first.
    const periods = owed < 0 ? purchase.takenIn.splice(owed).reverse() : [];
    for (const takenIn of periods) {
      // Those of a month that is over need room again.
      const period = this.#isOver(purchase) ? Math.min(takenIn, this.#period - 1) : takenIn;
      this.#return({ bucket: purchase.bucket, units: [source], day: this.#day, period });
    }
    this.#takeAll();
  }

  #takeAll(): void {
    for (const purchase of this.#purchases) {
      const bucket = this.#of(purchase.bucket);
      for (let owed = owedOf(purchase); owed > 0; owed -= 1) {
        const place = bucket.indexOf(purchase.source);
        if (place < 0) break;
        bucket.splice(place, 1);
        purchase.takenIn.push(this.#period);
        if (this.#isOver(purchase)) this.#carried -= 1;
      }
    }
  }

  /** Whether what is left of it was taken over from a month before. */
  #isOver({ bucket, period }: Purchase): boolean {
    return bucket === 'subscription' && period < this.#period;
  }

  /** To where they came from, as if they had been there all the time. */
  #return({ bucket, units, day, period }: HeldPart): void {
    this.#of(bucket).unshift(...units.slice(units.length - this.#roomFor(bucket, units.length, day, period)));
  }

  #roomFor(bucket: BucketName, amount: number, day: number, period: number): number {
    if (bucket === 'daily') return day === this.#day ? amount : 0;
    if (bucket !== 'subscription' || period === this.#period) return amount;
    if (period < this.#period - 1) return 0;
    const room = Math.min(amount, maxCarriedOver - this.#carried);
    this.#carried += room;
    return room;
  }

  #of(name: BucketName): string[] {
    const bucket = this.#buckets.get(name);
    if (!bucket) throw new Error('There is no such bucket.');
    return bucket;
  }
}

/** How many of its credits are to be taken; below zero, to be given back. */
function owedOf({ credits, cents, goneCents, takenIn }: Purchase): number {
  return Math.ceil((credits * Math.min(cents, goneCents)) / cents) - takenIn.length;
}

function units(source: string, amount: number): string[] {
  return Array.from({ length: amount }, () => source);
}
