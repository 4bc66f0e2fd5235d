import type { Pool } from 'pg';
import type { StandingWait } from '../standing-wait.js';

/** Has every wait for a connection of a pool noted; `Pool.query` asks for one as well. */
export function noteWaits(pool: Pool, waits: StandingWait): void {
  const connect = new Proxy(pool.connect, {
    apply: (target, self, [callback]: unknown[]) => {
      const end = waits.begin();
      if (typeof callback !== 'function') {
        const client: unknown = Reflect.apply(target, self, []);
        if (client instanceof Promise) client.then(end, end);
        return client;
      }
      const answered = (...answer: unknown[]) => {
        end();
        return Reflect.apply(callback, undefined, answer);
      };
      return Reflect.apply(target, self, [answered]);
    },
  });
  Object.defineProperty(pool, 'connect', { value: connect, configurable: true });
}
