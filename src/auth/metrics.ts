import { defineCounter } from '../kernel/metrics.js';

export const signUps = defineCounter('sign_ups_total', 'Accounts that were made by a first sign-in.', {});
