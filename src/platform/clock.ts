import { getRandomValues } from 'node:crypto';
import { v7 } from 'uuid';

/** The only source of the current time. Rules never ask the machine. */
export interface Clock {
  now(): Date;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands still. */
export function stoppedAt(moment: Date): Clock {
  const ms = moment.getTime();
  return { now: () => new Date(ms) };
}

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

/** Where an id stands among those of this process: 32 bits that begin at random and run over. */
let place = new DataView(random().buffer).getUint32(0);

/**
 * A new UUID version 7 (RFC 9562) of this moment, so that indexes grow at their end. Those that this process makes
 * for one millisecond are in the order of their making (section 6.2, method 1): things made together stay in order,
 * also while other transactions make theirs.
 */
export function newId(clock: Clock): string {
  place = (place + 1) >>> 0;
  return v7({ msecs: clock.now().getTime(), seq: place, random: random() });
}
