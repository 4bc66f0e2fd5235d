export type { Limits } from './limits.js';
export { limitsOf } from './limits.js';
