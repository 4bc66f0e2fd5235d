import { defineCounter } from '../kernel/metrics.js';

export const pushesEnded = defineCounter(
  'pushes_total',
  'Pushes of one notification to one browser, by how they ended.',
  {
    outcome: ['SENT', 'GONE', 'REFUSED', 'GIVEN_UP'],
  },
);
