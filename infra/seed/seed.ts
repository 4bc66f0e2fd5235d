import { openCore } from '../../src/app.js';
import type { Config } from '../../src/config.js';
import { dayMs, midnightOf } from '../../src/kernel/days.js';
import type { Logger } from '../../src/platform/log.js';
import { conversations, notes, type SampleTask, tasks } from './month.js';
import { SampleActions, SeedClock } from './sample-actions.js';
import { sampleUser } from './sample-user.js';

const firstDay = -30;
const sampleCredits = 500;

interface PlannedAction {
  readonly day: number;
  /** Minutes since midnight. */
  readonly minute: number;
  act(sample: SampleActions): Promise<unknown>;
}

/**
 * Fills the sample account with a month that ends at `now`, day by day, through the use cases that clients reach. Answers
 * false, and changes nothing, when the account exists.
 * @throws what the use cases throw; what was written until then stays
 */
export async function seed(config: Config, log: Logger, now: Date, idToken: string): Promise<boolean> {
  const momentOf = (day: number, minute: number) =>
    new Date(Math.min(midnightOf(now).getTime() + day * dayMs + minute * 60_000, now.getTime()));
  const clock = new SeedClock(momentOf(firstDay, 480));
  const core = await openCore(config, { api: config, worker: config }, log, { clock });
  try {
    const [known] = await core.services.runStatement<{ id: string }>('select id from auth.user where email = $1', [
      sampleUser.email,
    ]);
    if (known) return false;
    // Nobody listens, and what is uploaded does not come over HTTP.
    core.services.signedAddresses?.reachableAt('http://localhost');
    const sample = await SampleActions.begin(core, clock, idToken);
    await sample.settle(sampleCredits);
    for (const { day, minute, act } of plannedActions().toSorted(
      (one, other) => one.day - other.day || one.minute - other.minute,
    )) {
      sample.goTo(momentOf(day, minute));
      await act(sample);
    }
    return true;
  } finally {
    await core.close(0);
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
