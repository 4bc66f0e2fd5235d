import { getRandomValues } from 'node:crypto';
import { v7 } from 'uuid';

/** The only source of the current time. Rules never ask the machine. */
export interface Clock {
  now(): Date;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => new Date() };

const idBytes = 16;
/** Asked of the system in bulk: each call costs more than the bytes. */
const pool = new Uint8Array(idBytes * 256);
let used = pool.length;

function random(): Uint8Array {
  if (used === pool.length) {
    getRandomValues(pool);
    used = 0;
  }
  used += idBytes;
  return pool.slice(used - idBytes, used);
}

/** The last id's millisecond, and its place among those of it. */
let lastMs = Number.NaN;
let place = 0;
/** Where places begin: at random, in the lower half of the 32 bits, so that there is room to count on. */
const lowerHalf = 2 ** 31;

/**
 * A new UUID version 7 (RFC 9562) of this moment, so that indexes grow at their end. Those that this process makes
 * within a millisecond are in the order of their making (section 6.2, method 1): things made together stay in order.
 */
export function newId(clock: Clock): string {
  const msecs = clock.now().getTime();
  const bytes = random();
  place = msecs === lastMs ? place + 1 : new DataView(bytes.buffer).getUint32(0) % lowerHalf;
  lastMs = msecs;
  return v7({ msecs, seq: place, random: bytes });
}
