/** Which account of Checkout.com's, where, and how patient we are. */
export interface CheckoutOptions {
  readonly secretKey: string;
  /** With the account's own prefix, such as `https://vkuhvk4v.api.checkout.com`. */
  readonly baseUrl: string;
  /** What signs events: one secret, or two while one takes the other's place. */
  readonly webhookSecrets: readonly string[];
  /** Null where the account has one alone. */
  readonly processingChannelId: string | null;
  /** ISO 3166-1, two letters: the country of a payer who has not said another one on the page. */
  readonly billingCountry: string;
  /** From the beginning of a request to the last byte of its answer. */
  readonly timeoutMs: number;
  /** Payments of one reference that are read at most; 10,000 when not given, which nobody tries by hand. */
  readonly maxListed?: number;
  /** What payers know us by. */
  readonly publicName: string;
  /** By which pages expire. */
  readonly now: () => Date;
}
