export { llmTables } from './account-tables.js';
export { RunReader } from './follow-run.js';
export { leasesOfHolds } from './leases-of-holds.js';
export type { Prompt, Purpose } from './purpose.js';
export { type EndedRun, runTopic, type StartedRun } from './run-rows.js';
export { type RunRow, runsByHold } from './runs-by-hold.js';
export { startRun } from './start-run.js';
export { stopRun } from './stop-run.js';
export { runSweeper } from './sweep-runs.js';
