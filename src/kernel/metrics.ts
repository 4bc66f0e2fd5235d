import type { CounterDefinition, HistogramDefinition, LabelsOf } from '../platform/metric-definitions.js';
import { afterCommit, type Context } from './context.js';

export { anyOfFew, defineCounter, defineHistogram } from '../platform/metric-definitions.js';

/** Counts something: in a transaction once it has committed, since what is rolled back did not happen. */
export function count<const Values extends Readonly<Record<string, readonly string[]>>>(
  ctx: Context,
  definition: CounterDefinition<Values>,
  labels: LabelsOf<Values>,
  by = 1,
): void {
  afterCommit(ctx, () => ctx.services.metrics.defined.count(definition, labels, by));
}

/** Adds a measured value, in the unit that the metric's name ends with; in a transaction once it has committed. */
export function observe<const Values extends Readonly<Record<string, readonly string[]>>>(
  ctx: Context,
  definition: HistogramDefinition<Values>,
  labels: LabelsOf<Values>,
  value: number,
): void {
  afterCommit(ctx, () => ctx.services.metrics.defined.observe(definition, labels, value));
}
