import { defineCounter } from '../kernel/metrics.js';

export const accountsDeleted = defineCounter(
  'accounts_deleted_total',
  'Accounts of which nothing is left but what stays.',
  {},
);
