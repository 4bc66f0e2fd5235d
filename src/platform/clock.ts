import { v7 } from 'uuid';

/** The only source of the current time. Rules never ask the machine. */
export interface Clock {
  now(): Date;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => new Date() };

/** A new UUID version 7 (RFC 9562) of this moment, so that indexes grow at their end. */
export function newId(clock: Clock): string {
  return v7({ msecs: clock.now().getTime() });
}
