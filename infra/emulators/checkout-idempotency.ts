import { type Answer, refused } from './checkout-answers.js';

/** How long an answer is kept. @see https://www.checkout.com/docs/payments/manage-payments/idempotency */
const keptMs = 24 * 3_600_000;

/** Answers that are kept at most. */
const maxKept = 10_000;

/** Idempotency keys, each with the answer that it was first given: of 2xx alone, for 24 hours. */
export class IdempotencyKeys {
  /** Requests whose key had been used for another body: they get the first answer all the same. */
  otherBodies = 0;
  readonly #kept = new Map<string, { readonly body: string; readonly answer: Answer; readonly at: Date }>();
  readonly #underWay = new Set<string>();

  constructor(private readonly now: () => Date) {}

  /** Forgets all. */
  clear(): void {
    this.#kept.clear();
    this.otherBodies = 0;
  }

  /** The first answer, or what `perform` does; 429 while another request with the key is being answered. */
  async run(key: string | undefined, body: string, perform: () => Promise<Answer>): Promise<Answer> {
    if (key === undefined) return perform();
    const known = this.#kept.get(key);
    if (known && this.now().getTime() - known.at.getTime() < keptMs) {
      if (known.body !== body) this.otherBodies += 1;
      return known.answer;
    }
    if (this.#underWay.has(key)) return refused(429, 'too_many_requests', ['idempotency_key_in_use']);
    this.#underWay.add(key);
    try {
      const answer = await perform();
      if (answer.status < 300) this.#keep(key, body, answer);
      return answer;
    } finally {
      this.#underWay.delete(key);
    }
  }

  #keep(key: string, body: string, answer: Answer): void {
    this.#kept.delete(key);
    this.#kept.set(key, { body, answer, at: this.now() });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > maxKept && oldest !== undefined) this.#kept.delete(oldest);
  }
}
