import { lookAtPayments, processPaymentEvents, reconcileCredits, workSubscriptions } from '../../src/billing/index.js';
import type { Context } from '../../src/kernel/context.js';
import { dayMs } from '../../src/kernel/days.js';
import { Chance } from './chance.js';
import type { Harness } from './harness.js';
import { dyingAt, type Question } from './mortal-workers.js';
import { YearMembers } from './year-members.js';
import { planYear, stepsADay, yearDays } from './year-plans.js';

const begin = new Date('2027-03-01T00:00:00Z');
const stepMs = dayMs / stepsADay;
/** The provider's API answers nobody for two days. */
const outage = { from: 120 * stepsADay, until: 122 * stepsADay };
/** How often somebody asks about payments without being told; in between, what got lost stays lost. */
const lookEverySteps = 28 * stepsADay;
/** Days behind the year in which nothing goes wrong any more. */
const calmDays = 20;

/** What is due, and where a worker may be killed that does it. */
interface Work {
  readonly run: (ctx: Context) => Promise<void>;
  readonly due: string;
  readonly questions: readonly Question[];
}

const subscriptions: Work = {
  run: workSubscriptions,
  due: 'select id from billing.subscription where due_at <= $1',
  questions: ['charge', 'charge', 'findPayments', 'readPayment'],
};
const events: Work = {
  run: processPaymentEvents,
  due: 'select distinct payment_id from billing.payment_event where due_at <= $1',
  questions: ['findPayments', 'readPayment'],
};
const looks: Work = {
  run: lookAtPayments,
  due: 'select id from billing.payment where look_at <= $1',
  questions: ['refund', 'findPayments'],
};

/** A year that was. */
interface SimulatedYear {
  /** Accounts, by their people's ordinals. */
  readonly accounts: readonly string[];
  /** Workers that were killed. */
  readonly kills: number;
  /** Steps in which the provider told nobody what happened. */
  readonly silences: number;
}

/**
 * Lets a year of people who pay happen in a world of its own: what they and their banks do, and what goes wrong, the seed
 * decides. The clock stands still but between steps, some hours apart.
 */
export async function simulateYear(world: Harness, people: number, seed: number): Promise<SimulatedYear> {
  world.clock.stopAt(begin);
  const chance = new Chance(seed);
  const members = await YearMembers.signIn(world, people, chance);
  const workers = new Workers(world, chance, [await world.jobContext(), await world.jobContext()]);
  const plan = Map.groupBy(planYear(people, chance), ({ step }) => step);
  let silences = 0;
  for (let step = 0; step < yearDays * stepsADay; step += 1) {
    world.clock.stopAt(new Date(begin.getTime() + step * stepMs));
    if (step === outage.from) world.checkout.control({ status: 503 });
    if (step === outage.until) world.checkout.control({ delayMs: 0 });
    const silent = chance.happens(0.05);
    if (silent) silences += 1;
    world.checkout.control({ silent, duplicates: chance.happens(0.1) ? 1 : 0, reorder: chance.happens(0.2) });
    for (const planned of [...members.putOff.splice(0), ...(plan.get(step) ?? [])]) await members.act(planned);
    if (chance.happens(0.2)) await members.decide();
    await workers.work(subscriptions);
    if (chance.happens(0.8)) {
      await world.checkout.deliver({ order: 'shuffled', seed: chance.upTo(1_000) });
      await workers.work(events);
    }
    if (step % lookEverySteps === 0) await workers.work(looks);
  }
  await calmDown(world, members, await world.jobContext());
  return { accounts: members.accounts, kills: workers.kills, silences };
}

/** All that was missed is made up for. */
async function calmDown(world: Harness, members: YearMembers, ctx: Context): Promise<void> {
  world.checkout.control({ reset: true, hold: true });
  for (let day = 0; day < calmDays; day += 1) {
    world.clock.stopAt(new Date(world.clock.now().getTime() + dayMs));
    await members.decide();
    await workSubscriptions(ctx);
    if (day % 6 === 5) await lookAtPayments(ctx);
    await world.checkout.deliver();
    await processPaymentEvents(ctx);
  }
  await reconcileCredits(ctx);
}

/** Two processes, of which one at a time does what is due, and may be killed at it. */
class Workers {
  kills = 0;

  constructor(
    private readonly world: Harness,
    private readonly chance: Chance,
    private readonly contexts: readonly Context[],
  ) {}

  async work({ run, due, questions }: Work): Promise<void> {
    const ctx = this.chance.pick(this.contexts);
    const isEndangered = this.chance.happens(0.2);
    const [question, death] = [this.chance.pick(questions), this.chance.pick(['before', 'behind'] as const)];
    // What else it did at once, chance outside of the test would decide.
    const isKilled = isEndangered && (await this.world.sql(due, [this.world.clock.now()])).length === 1;
    if (!isKilled) return run(ctx);
    if (await dyingAt(ctx, question, death).run(run)) this.kills += 1;
  }
}
