import type { Clock } from '../../src/platform/clock.js';

/**
 * A clock that runs as the machine's does, from wherever a test moves it, until one makes it stand still. It goes
 * forward only, as time does.
 */
export class TestClock implements Clock {
  #offsetMs = 0;
  #stoppedAt: number | null = null;
  #hasBegun = false;

  now(): Date {
    return new Date((this.#stoppedAt ?? Date.now()) + this.#offsetMs);
  }

  /**
   * Goes to a moment, and on from there. The first moment of a test may be any, since the machine's time overtakes every
   * date that is written down. @throws RangeError when a later one would turn the clock back
   */
  goTo(moment: Date): void {
    const ms = moment.getTime() - this.now().getTime();
    if (this.#hasBegun) requireForward(ms);
    this.#hasBegun = true;
    this.#offsetMs += ms;
  }

  /** Goes to a moment; from then on time passes only where the test lets it. @throws RangeError as `goTo` does */
  stopAt(moment: Date): void {
    this.goTo(moment);
    this.#stoppedAt = moment.getTime();
    this.#offsetMs = 0;
  }

  /** Goes on by so many milliseconds at once. @throws RangeError when it would turn back */
  advance(ms: number): void {
    requireForward(ms);
    this.#hasBegun = true;
    this.#offsetMs += ms;
  }
}

function requireForward(ms: number): void {
  if (ms < 0) throw new RangeError(`The clock would be turned back by ${-ms} ms.`);
}
