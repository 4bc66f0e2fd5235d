export type { ChangeEdge, ChangeRow } from './changes.js';
export { followChanges, readChanges } from './changes.js';
export { onceByKey } from './idempotency.js';
export type { DomainEvent } from './record.js';
export { record } from './record.js';
export { RetrySubscriber, retrySubscriber } from './retry-subscriber.js';
export { keepEventPartitions, purgeIdempotencyKeys } from './upkeep.js';
