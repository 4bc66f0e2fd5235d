import { missingPartitions } from '../activity/index.js';
import type { Finding } from '../admin/finding.js';
import type { RunStatement } from '../platform/database/rows.js';
import { DatabaseClock } from '../platform/database-clock.js';
import { MovableClock } from '../platform/movable-clock.js';
import { ok, type Variables, warning, withConnection, wrong } from './check.js';
import { databaseUrlOf } from './database-url.js';

/** Google's tokens go by the machine's clock, and may be so much ahead of it. */
const worryMs = 2_000;
const tooMuchMs = 10_000;

/** How far this machine's clock is from the database's, by which the product goes. */
export async function checkClock(variables: Variables): Promise<readonly Finding[]> {
  const check = 'clock';
  const { clock, movedMs } = await withConnection(databaseUrlOf(variables), readClocks);
  const differenceMs = Math.round(Date.now() - clock.now().getTime());
  const says = `This machine's clock is ${Math.abs(differenceMs)} ms ${differenceMs < 0 ? 'behind' : 'ahead of'} the database's.`;
  const advice = 'Let both machines take their time from the network (NTP): sign-ins are refused beyond 10 s.';
  const moved =
    movedMs > worryMs
      ? [
          warning(
            check,
            `Time was moved ahead by ${Math.round(movedMs / 1_000)} s.`,
            'Delete the row of platform.clock_shift to go back; production does not look at it.',
          ),
        ]
      : [];
  if (Math.abs(differenceMs) > tooMuchMs) return [wrong(check, says, advice), ...moved];
  return [Math.abs(differenceMs) > worryMs ? warning(check, says, advice) : ok(check, says), ...moved];
}

/** Whether the log has partitions for today and the coming days. Without them events are kept all the same, and dropped late. */
export async function checkPartitions(variables: Variables): Promise<readonly Finding[]> {
  const check = 'partitions';
  const missing = await withConnection(databaseUrlOf(variables), async (run) => {
    const { clock, movedMs } = await readClocks(run);
    return missingPartitions(run, new Date(clock.now().getTime() + movedMs));
  });
  if (missing.length === 0) return [ok(check, 'The log has those of today and the coming days.')];
  const advice = 'Start a worker: its job activity.keep-event-partitions makes them. Its log says why, if one runs.';
  return [warning(check, `The log has none for ${missing.join(', ')}.`, advice)];
}

/** The database's clock, and how far time was moved in development. */
async function readClocks(run: RunStatement): Promise<{ clock: DatabaseClock; movedMs: number }> {
  const clock = new DatabaseClock();
  await clock.read(run);
  const moved = new MovableClock(clock);
  await moved.read(run);
  return { clock, movedMs: moved.now().getTime() - clock.now().getTime() };
}
