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

/** A new UUID version 7 (RFC 9562) of this moment, so that indexes grow at their end. */
export function newId(clock: Clock): string {
  return v7({ msecs: clock.now().getTime(), random: random() });
}
