import { Counter, Histogram, type Registry } from 'prom-client';

/** The values that each label of a metric can have; their number is what a metric costs. */
type LabelValues = Readonly<Record<string, readonly string[]>>;

/** One value for each label. */
export type LabelsOf<Values extends LabelValues> = { readonly [Name in keyof Values]: Values[Name][number] };

interface Definition<Values extends LabelValues> {
  /** As Prometheus names metrics: with the unit, and `_total` for what is counted. */
  readonly name: string;
  readonly help: string;
  readonly labels: Values;
}

/** Something that is counted. */
export interface CounterDefinition<Values extends LabelValues> extends Definition<Values> {
  readonly kind: 'counter';
}

/** Something that is measured each time that it happens. */
export interface HistogramDefinition<Values extends LabelValues> extends Definition<Values> {
  readonly kind: 'histogram';
  /** Upper bounds, ascending. */
  readonly buckets: readonly number[];
}

export type MetricDefinition = CounterDefinition<LabelValues> | HistogramDefinition<LabelValues>;

/** For a label whose values only the configuration or the code that counts knows; a series is there once it is counted. */
export const anyOfFew: readonly string[] = [];

/** Defines what a domain counts. Every series is there with 0 from the start: a rate has nothing to begin from otherwise. */
export function defineCounter<const Values extends LabelValues>(
  name: string,
  help: string,
  labels: Values,
): CounterDefinition<Values> {
  return { kind: 'counter', name, help, labels };
}

/** Defines what a domain measures. */
export function defineHistogram<const Values extends LabelValues>(
  name: string,
  help: string,
  labels: Values,
  buckets: readonly number[],
): HistogramDefinition<Values> {
  return { kind: 'histogram', name, help, labels, buckets };
}

/** The defined metrics of one app, so that two apps in a process do not collide. */
export class DefinedMetrics {
  readonly #counters = new Map<object, Counter>();
  readonly #histograms = new Map<object, Histogram>();

  constructor(registry: Registry, definitions: readonly MetricDefinition[]) {
    for (const definition of definitions) {
      const { name, help, labels } = definition;
      const options = { name, help, labelNames: Object.keys(labels), registers: [registry] };
      if (definition.kind === 'counter') {
        const counter = new Counter(options);
        for (const each of combinationsOf(labels)) counter.inc(each, 0);
        this.#counters.set(definition, counter);
      } else {
        const histogram = new Histogram({ ...options, buckets: [...definition.buckets] });
        for (const each of combinationsOf(labels)) histogram.zero(each);
        this.#histograms.set(definition, histogram);
      }
    }
  }

  count<Values extends LabelValues>(definition: CounterDefinition<Values>, labels: LabelsOf<Values>, by: number): void {
    found(this.#counters, definition).inc(labels, by);
  }

  observe<Values extends LabelValues>(
    definition: HistogramDefinition<Values>,
    labels: LabelsOf<Values>,
    value: number,
  ): void {
    found(this.#histograms, definition).observe(labels, value);
  }
}

function found<Metric>(metrics: ReadonlyMap<object, Metric>, definition: { readonly name: string }): Metric {
  const metric = metrics.get(definition);
  if (!metric) throw new Error(`The metric ${definition.name} is not in src/metrics.ts.`);
  return metric;
}

/** Every combination of the labels' values. */
function combinationsOf(labels: LabelValues): Record<string, string>[] {
  return Object.entries(labels).reduce<Record<string, string>[]>(
    (combinations, [name, values]) =>
      combinations.flatMap((combination) => values.map((value) => ({ ...combination, [name]: value }))),
    [{}],
  );
}
