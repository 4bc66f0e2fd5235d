export { accountsTables } from './account-tables.js';
export { requireCapacity, requireCapacityForOneMore } from './capacity.js';
export {
  type Closing,
  isToBeDeleted,
  markClosed,
  markDeleted,
  markEmptied,
  markOpen,
  readClosing,
  sweepClosed,
} from './closing.js';
export type { Limits } from './limits.js';
export { grantAllowance, limitsOfPlan, readDailyCredits, readLimits, readPlan } from './limits.js';
export { requireMay, requireMayErrors } from './may.js';
export { setPlan } from './plan.js';
export { accountStore } from './store.js';
