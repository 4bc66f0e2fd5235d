import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SubscriptionState } from '../../entities/billing/subscription.js';
import { periodAt, periodDue } from '../../src/billing/subscriptions/periods.js';
import { subscriptionMoves } from '../../src/billing/subscriptions/subscription-moves.js';
import { harness } from '../support/harness.js';

const world = harness({ worker: false });
const states = Object.values(SubscriptionState);

test('the database lets a subscription move as the table of moves says, and in no other way', async () => {
  const accountId = '00000000-0000-4000-8000-000000000001';
  await world.sql(`insert into accounts.account (id, kind, created_at) values ($1, 'PERSON', now())`, [accountId]);
  const columns = (state: SubscriptionState) => [
    state,
    state === 'CANCELLED' ? new Date() : null,
    state === 'GRACE_PERIOD' ? new Date() : null,
    state === 'EXPIRED' ? new Date() : null,
    state === 'EXPIRED' ? null : new Date(),
    state === 'EXPIRED' ? 'UNPAID' : null,
  ];
  const allowed: [string, string][] = [];
  for (const from of states) {
    for (const to of states.filter((state) => state !== from)) {
      await world.sql('delete from billing.subscription');
      await world.sql(
        `insert into billing.subscription
           (account_id, id, product, anchor, period_start, period_end, created_at, state, cancelled_at, grace_ends_at, ended_at, due_at, ended_by)
         values ($1, gen_random_uuid(), 'PRO', now(), now(), now() + interval '1 month', now(), $2, $3, $4, $5, $6, $7)`,
        [accountId, ...columns(from)],
      );
      const moved = await world
        .sql(
          `update billing.subscription set state = $1, cancelled_at = $2, grace_ends_at = $3, ended_at = $4, due_at = $5, ended_by = $6`,
          columns(to),
        )
        .then(
          () => true,
          (error: unknown) => {
            expect(String(error)).toContain('does not move');
            return false;
          },
        );
      if (moved) allowed.push([from, to]);
    }
  }
  expect(allowed).toEqual(
    states.flatMap((from) => states.filter((to) => subscriptionMoves[from].includes(to)).map((to) => [from, to])),
  );
});

test('periods follow each other without a gap, each of a calendar month, whatever the anchor', () => {
  const moment = fc.date({ min: new Date('2020-01-01'), max: new Date('2060-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(moment, moment, (one, other) => {
      const [anchor, now] = one < other ? [one, other] : [other, one];
      const { start, end } = periodAt(anchor, now);
      expect(start <= now && now < end).toBe(true);
      expect(periodAt(anchor, end).start).toEqual(end);
      const days = [
        anchor.getUTCDate(),
        new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 0)).getUTCDate(),
      ];
      expect(start.getUTCDate()).toBe(Math.min(...days));
      expect(periodDue(anchor, end, now)).toEqual(periodAt(anchor, end));
    }),
  );
});
