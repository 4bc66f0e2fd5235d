export { adjustCredits } from './adjust-credits.js';
export type { Credits } from './credits.js';
export { countCreditEntries, listCreditEntries, listCreditEntriesErrors, readCredits } from './credits.js';
export { releaseHold, settleHold } from './end-hold.js';
export { grantKickstart } from './grant-kickstart.js';
export { holdCredits } from './hold-credits.js';
