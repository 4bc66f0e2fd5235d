export { adjustCredits } from './adjust-credits.js';
export type { Credits } from './credits.js';
export { countCreditEntries, listCreditEntries, listCreditEntriesErrors, readCredits } from './credits.js';
export { settleHold } from './end-hold.js';
export { grantKickstart } from './grant-kickstart.js';
export { type HoldRequest, holdCredits } from './hold-credits.js';
