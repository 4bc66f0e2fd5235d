import { setTimeout as pause } from 'node:timers/promises';

/** Milliseconds between two looks at what is due. */
const tickMs = 2;
/** How long what was begun may take in the end. */
const patienceMs = 40_000;

/** Does one thing that was due then, by `performance.now()`. */
export type Deed = (dueAt: number) => Promise<void>;

/**
 * Begins deeds at a rate, as people come: at random moments (a Poisson process), whether or not those before are done.
 * A deed counts from when it was due, so that neither a slow server nor this process makes the figures better by having
 * the next ones begin later. Resolves once all are done. @throws when some never are
 */
export async function openLoop(perSecond: number, ms: number, next: () => Deed): Promise<void> {
  const underWay = new Set<Promise<void>>();
  const endsAt = performance.now() + ms;
  let dueAt = performance.now();
  while (dueAt < endsAt) {
    for (; dueAt < Math.min(performance.now(), endsAt); dueAt += gapMs(perSecond)) {
      const done: Promise<void> = next()(dueAt).finally(() => underWay.delete(done));
      underWay.add(done);
    }
    await pause(tickMs);
  }
  const isLate = pause(patienceMs, true, { ref: false });
  if (await Promise.race([Promise.all(underWay), isLate]).then((ended) => ended === true)) {
    throw new Error(`${underWay.size} operations had no end.`);
  }
}

function gapMs(perSecond: number): number {
  return (-Math.log(1 - Math.random()) * 1_000) / perSecond;
}
