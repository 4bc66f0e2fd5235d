import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import {
  BuyCredits,
  CancelSubscription,
  ResumeSubscription,
  StartProCheckout,
  UpdatePaymentMethod,
} from '../../generated/documents.js';
import type { Control } from '../../infra/emulators/checkout-control.js';
import { holdCredits, settleHold } from '../../src/billing/index.js';
import { asAccount, type Context } from '../../src/kernel/context.js';
import { dayMs } from '../../src/kernel/days.js';
import { AppError } from '../../src/kernel/errors.js';
import { transaction } from '../../src/kernel/transaction.js';
import type { Chance } from './chance.js';
import type { Harness } from './harness.js';
import type { Person } from './person.js';
import type { ActOf, PlannedAct } from './year-plans.js';

/** People who sign in at once. */
const signingIn = 10;
/** What is older goes back no more: nobody would look at it any more, if its event got lost. */
const refundedWithinMs = 100 * dayMs;

/** What is done without us. */
type OutsideAct = ActOf<'refusals' | 'slowness' | 'refund' | 'dispute'>;

/** One of the people of the year. */
interface Member {
  readonly person: Person;
  /** How many cards they have had: each has a number of its own. */
  cards: number;
  /** Whether what their bank promises next is given up. */
  isVoided: boolean;
}

/** The people of a year, with their cards and banks. */
export class YearMembers {
  /** What could not be done yet, as the provider was away. */
  readonly putOff: PlannedAct[] = [];

  private constructor(
    private readonly world: Harness,
    private readonly chance: Chance,
    private readonly members: readonly Member[],
    private readonly worker: Context,
  ) {}

  static async signIn(world: Harness, people: number, chance: Chance): Promise<YearMembers> {
    const members: Member[] = [];
    while (members.length < people) {
      const batch = Array.from({ length: Math.min(signingIn, people - members.length) }, () => world.user());
      members.push(...(await Promise.all(batch)).map((person) => ({ person, cards: 0, isVoided: false })));
    }
    return new YearMembers(world, chance, members, await world.jobContext());
  }

  /** Accounts, by their people's ordinals. */
  get accounts(): string[] {
    return this.members.map(({ person }) => person.id);
  }

  async act(planned: PlannedAct): Promise<void> {
    const member = this.members[planned.ordinal];
    if (!member) throw new Error('There is nobody with this number.');
    const { act, step } = planned;
    if (act.kind === 'spend') return this.#spend(member, act.credits, `spend ${step}`);
    if (act.kind === 'cancel') return this.#ask(planned, member, CancelSubscription, {}, () => undefined);
    if (act.kind === 'resume') return this.#ask(planned, member, ResumeSubscription, {}, () => undefined);
    if (act.kind === 'subscribe')
      return this.#ask(planned, member, StartProCheckout, {}, ({ startProCheckout: { reference } }) =>
        this.#pay(member, reference, act.how),
      );
    if (act.kind === 'buy')
      return this.#ask(
        planned,
        member,
        BuyCredits,
        { input: { packId: act.packId } },
        ({ buyCredits: { reference } }) => this.#pay(member, reference, 'once'),
      );
    if (act.kind === 'card')
      return this.#ask(planned, member, UpdatePaymentMethod, {}, ({ updatePaymentMethod: { reference } }) => {
        member.cards += 1;
        this.#pay(member, reference, 'once');
      });
    return this.#happen(member, act);
  }

  /** The provider decides what it has put off: it takes what was promised, or gives it up. */
  async decide(): Promise<void> {
    const { checkout } = this.world;
    checkout.tick();
    const charges = await this.world.sql<{ accountId: string; reference: string }>(
      `select account_id as "accountId", reference from billing.payment where state = 'PENDING' and attempt is not null`,
    );
    if (charges.length === 0) return;
    const promised = new Set(
      checkout.books().flatMap(({ status, reference }) => (status === 'Authorized' ? [reference] : [])),
    );
    for (const { accountId, reference } of charges) {
      const member = this.members.find(({ person }) => person.id === accountId);
      const outcome = member?.isVoided ? 'cancelled' : 'captured';
      if (promised.has(reference)) checkout.pay({ reference, outcome });
    }
  }

  /** Sends an operation, and goes on with what it answers; one that the provider was away for is put off. */
  async #ask<Data, Variables extends object>(
    planned: PlannedAct,
    { person }: Member,
    document: TypedDocumentNode<Data, Variables>,
    variables: NoInfer<Variables>,
    use: (data: Data) => void,
  ): Promise<void> {
    const answer = await person.trying(document, variables);
    if (answer.code === null) return use(answer.data);
    if (answer.code === 'UNAVAILABLE') this.putOff.push(planned);
    else if (answer.code !== 'CONFLICT' && answer.code !== 'PURCHASE_LIMIT_EXCEEDED')
      throw new Error(`It was refused with ${answer.code}.`);
  }

  #pay(member: Member, reference: string, how: ActOf<'subscribe'>['how']): void {
    const { checkout, clock } = this.world;
    if (how === 'abandoned') return;
    if (how === 'second card') checkout.pay({ reference, outcome: 'declined' });
    const card = { number: this.#numberOf(member) };
    checkout.pay({ reference, card });
    if (how !== 'two tabs') return;
    // At the same moment either might count, and chance outside of the test would decide which.
    clock.stopAt(new Date(clock.now().getTime() + 1));
    checkout.pay({ reference, card, again: true });
  }

  /** Of 16 digits, as those of cards. */
  #numberOf(member: Member): string {
    const [ordinal, card] = [this.members.indexOf(member), member.cards].map(String);
    return `4${ordinal?.padStart(9, '0')}${card?.padStart(6, '0')}`;
  }

  async #spend({ person }: Member, amount: number, key: string): Promise<void> {
    const ctx = asAccount(this.worker, person.id);
    const spent = this.chance.upTo(amount);
    try {
      const { holdId } = await transaction(ctx, (tx) => holdCredits(tx, { amount, key, reason: 'test' }));
      await transaction(ctx, (tx) => settleHold(tx, holdId, spent));
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'INSUFFICIENT_CREDITS')) throw error;
    }
  }

  /** What banks, the provider and whoever is signed in there do. */
  async #happen(member: Member, act: OutsideAct): Promise<void> {
    const { checkout } = this.world;
    const match = this.#numberOf(member);
    if (act.kind === 'refusals') return checkout.control({ match, decline: { code: act.code }, times: act.times });
    if (act.kind === 'slowness') {
      member.isVoided = act.how === 'voided';
      return checkout.control({ match, times: 1, ...slowness[act.how] });
    }
    const reference = await this.#lastPaid(member);
    if (reference === null) return;
    if (act.kind === 'dispute') checkout.dispute({ reference, outcome: act.outcome });
    else {
      const paid = checkout.books().findLast((each) => each.reference === reference && each.capturedCents > 0);
      const cents = Math.min(act.amountCents, paid ? paid.capturedCents - paid.refundedCents : 0);
      if (cents > 0) checkout.refund({ reference, amountCents: cents });
    }
  }

  async #lastPaid({ person }: Member): Promise<string | null> {
    const since = new Date(this.world.clock.now().getTime() - refundedWithinMs);
    const [last] = await this.world.sql<{ reference: string }>(
      `select reference from billing.payment where account_id = $1 and state = 'SUCCEEDED' and purpose = 'PRO'
         and not is_surplus and succeeded_at > $2 order by succeeded_at desc limit 1`,
      [person.id, since],
    );
    return last?.reference ?? null;
  }
}

const retrySchedule = { afterMs: 7 * 3_600_000, attempts: 2 } as const;

/** How the provider is told to decide later. */
const slowness: Readonly<Record<ActOf<'slowness'>['how'], Control>> = {
  pending: { pending: true },
  authorized: { authorizeOnly: true },
  voided: { authorizeOnly: true },
  'captured by retry': { retrySchedule: { ...retrySchedule, outcome: 'captured' } },
  'declined in retries': { retrySchedule: { ...retrySchedule, outcome: 'declined' } },
};
