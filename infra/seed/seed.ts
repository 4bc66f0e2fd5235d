import { type Core, openCore } from '../../src/app.js';
import { type Config, sampleCheckoutKey } from '../../src/config.js';
import { dayMs, midnightOf } from '../../src/kernel/days.js';
import type { Logger } from '../../src/platform/log.js';
import { conversations, notes, type SampleTask, tasks } from './month.js';
import { SampleActions, SeedClock } from './sample-actions.js';
import { SamplePayments, sampleCards } from './sample-payments.js';
import { sampleIdToken, sampleUser, unpaidUser } from './sample-user.js';

const firstDay = -30;
/** Of the first payment: whatever month that is in, its end has come. */
const paidDay = -32;
const sampleCredits = 500;

interface PlannedAction {
  readonly day: number;
  /** Minutes since midnight. */
  readonly minute: number;
  act(sample: SampleActions): Promise<unknown>;
}

/**
 * Fills the sample account with a month that ends at `now`, day by day, through the use cases that clients reach, and
 * makes a second one whose renewal was not paid. Answers false, and changes nothing, when the account exists. Where money
 * would be real, nothing is paid: the account is given Pro, and there is no second one.
 * @throws what the use cases throw; what was written until then stays
 */
export async function seed(config: Config, log: Logger, now: Date, googleEmulatorUrl: string): Promise<boolean> {
  const momentOf = (day: number, minute: number) =>
    new Date(Math.min(midnightOf(now).getTime() + day * dayMs + minute * 60_000, now.getTime()));
  const clock = new SeedClock(momentOf(paidDay, 480));
  const core = await openCore(config, { api: config, worker: config }, log, { clock });
  try {
    const [known] = await core.services.runStatement<{ id: string }>('select id from auth.user where email = $1', [
      sampleUser.email,
    ]);
    if (known) return false;
    // Nobody listens, and what is uploaded does not come over HTTP.
    core.services.signedAddresses?.reachableAt('http://localhost');
    const sample = await SampleActions.begin(core, clock, await sampleIdToken(googleEmulatorUrl));
    await sample.settle(sampleCredits);
    const payments = await paymentsOf(config, core);
    try {
      if (!payments) await sample.receivePro(new Date(now.getTime() + 30 * dayMs));
      const paid = payments ? plannedPayments(payments) : [];
      for (const { day, minute, act } of [...plannedActions(), ...paid].toSorted(
        (one, other) => one.day - other.day || one.minute - other.minute,
      )) {
        sample.goTo(momentOf(day, minute));
        await act(sample);
      }
      const unpaidIdToken = () => sampleIdToken(googleEmulatorUrl, unpaidUser);
      if (payments)
        await leaveUnpaid(payments, clock, now, async () => SampleActions.begin(core, clock, await unpaidIdToken()));
    } finally {
      await payments?.close();
    }
    return true;
  } finally {
    await core.close(0);
  }
}

/** Null where money would be real. */
async function paymentsOf({ CHECKOUT_SECRET_KEY, CHECKOUT_BASE_URL }: Config, core: Core) {
  if (CHECKOUT_SECRET_KEY !== sampleCheckoutKey || !CHECKOUT_BASE_URL) return null;
  return SamplePayments.open(core, CHECKOUT_BASE_URL);
}

/** Pro in its second month, a pack that was bought, and one that was not. */
function plannedPayments(payments: SamplePayments): PlannedAction[] {
  const { visa } = sampleCards;
  // A month after the first payment, as long as that month may be.
  const renewals = [-4, -3, -2, -1].map((day): PlannedAction => ({ day, minute: 486, act: () => payments.letRenew() }));
  return [
    { day: paidDay, minute: 485, act: (sample) => payments.payPro(sample.context(), visa) },
    { day: -20, minute: 1_200, act: (sample) => payments.leave(sample.context(), 'credits_100') },
    { day: -12, minute: 1_200, act: (sample) => payments.buy(sample.context(), 'credits_45', visa) },
    ...renewals,
    { day: -1, minute: 1_400, act: () => payments.letPagesExpire() },
  ];
}

/** Pays for a month of Pro, and has its renewal refused three times, the last time an hour ago. */
async function leaveUnpaid(
  payments: SamplePayments,
  clock: SeedClock,
  now: Date,
  begin: () => Promise<SampleActions>,
): Promise<void> {
  const renewAt = now.getTime() - 2 * dayMs - 3_600_000;
  clock.goTo(new Date(renewAt - 31 * dayMs));
  const sample = await begin();
  await sample.create({ title: 'Find the moth in the relay' });
  await payments.payPro(sample.context(), sampleCards.mastercard);
  await payments.refuse(sampleCards.mastercard, 3);
  for (const day of [0, 1, 2]) {
    clock.goTo(new Date(renewAt + day * dayMs));
    await payments.letRenew();
  }
}

function plannedActions(): PlannedAction[] {
  const nights = Array.from({ length: -firstDay }, (_, index) => firstDay + index).map(
    (day): PlannedAction => ({
      day,
      minute: 1_380,
      act: (sample) => sample.letRemindersFire(),
    }),
  );
  const weekly = [-21, -14, -7, -3].map(
    (day): PlannedAction => ({ day, minute: 1_390, act: (sample) => sample.readNotifications() }),
  );
  const written = notes.map(
    ({ day, content, seconds, ...note }): PlannedAction => ({
      day,
      minute: 1_140,
      act: (sample) => (seconds === undefined ? sample.note(content, note) : sample.speak(content, seconds)),
    }),
  );
  return [...tasks.flatMap(actionsOf), ...written, ...conversations.map(actionOf), ...nights, ...weekly];
}

/** Tasks are made in the morning, worked on at noon, and completed in the afternoon. */
function actionsOf(task: SampleTask, index: number): PlannedAction[] {
  const { made, done = [], focus = 0, ticked = {}, ...content } = task;
  const { title } = content;
  return [
    { day: made, minute: 500 + index, act: (sample) => sample.create(content) },
    ...Object.entries(ticked).map(
      ([subtask, day]): PlannedAction => ({
        day,
        minute: 720 + index,
        act: (sample) => sample.tick(title, subtask),
      }),
    ),
    ...done.map(
      (day): PlannedAction => ({ day, minute: 800 + index * 5, act: (sample) => sample.complete(title, focus) }),
    ),
  ];
}

function actionOf({ day, turns }: (typeof conversations)[number]): PlannedAction {
  const act = async (sample: SampleActions) => {
    let conversationId: string | null = null;
    for (const turn of turns) conversationId = await sample.ask(turn, conversationId);
  };
  return { day, minute: 780, act };
}
