import { defineCounter } from '../kernel/metrics.js';

export const accountsDeleted = defineCounter(
  'accounts_deleted_total',
  'Accounts of which nothing is left but what stays.',
  {},
);

export const accountExports = defineCounter('account_exports_total', 'Exports of accounts, by how they ended.', {
  outcome: ['READY', 'FAILED'],
});
