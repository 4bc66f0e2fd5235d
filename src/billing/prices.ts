/** All prices are in it (ISO 4217). */
export const currency = 'USD';

/** Hundredths of a month of Pro (spec, section 10). */
export const proCents = 500;

/** A pack of credits, as it is sold. */
export interface CreditPack {
  /** Stored in payments and known to clients: never renamed. */
  readonly id: string;
  readonly cents: number;
  readonly credits: number;
}

/** What can be bought (spec, section 10). */
export const packs: readonly CreditPack[] = [
  { id: 'credits_20', cents: 500, credits: 20 },
  { id: 'credits_45', cents: 1_000, credits: 45 },
  { id: 'credits_70', cents: 1_500, credits: 70 },
  { id: 'credits_100', cents: 2_000, credits: 100 },
];

/** Credits that may be bought in any so many days; what is not paid yet counts. */
export const maxBoughtCredits = 500;
export const boughtCreditsDays = 30;

/** `$10` and `$12.50`. */
export function dollars(cents: number): string {
  return `$${cents % 100 === 0 ? cents / 100 : (cents / 100).toFixed(2)}`;
}
