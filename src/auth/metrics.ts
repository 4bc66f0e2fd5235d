import { defineCounter } from '../kernel/metrics.js';

export const signUps = defineCounter('sign_ups_total', 'Accounts that were made by a first sign-in.', {});

export const accountsClosed = defineCounter('accounts_closed_total', 'Accounts whose deletion was asked for.', {});

export const accountsReopened = defineCounter(
  'accounts_reopened_total',
  'Closed accounts whose users signed in before they were deleted.',
  {},
);
