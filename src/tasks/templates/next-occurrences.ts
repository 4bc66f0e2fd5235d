import { setImmediate as turn } from 'node:timers/promises';
import { z } from 'zod';
import { type BatchFunction, type Context, load } from '../../kernel/context.js';
import type { DeclaredErrors } from '../../kernel/errors.js';
import { parse, parseErrors } from '../../kernel/input.js';
import { count } from '../../kernel/metrics.js';
import { rulesEvaluated } from '../metrics.js';
import { occurrencesAfter, type Recurrence } from '../recurrence/index.js';
import type { TemplateRow } from './template-rows.js';

const maxOccurrences = 50;

const Count = z.object({
  count: z.int().min(1, 'must be at least 1').max(maxOccurrences, `must be at most ${maxOccurrences}`),
});

export const nextOccurrencesErrors: DeclaredErrors = parseErrors;

interface Asked {
  readonly recurrence: Recurrence;
  readonly count: number;
}

/** Dates of a rule that an operation has worked out, and how many it asked for: there may be fewer. */
interface Known {
  readonly asked: number;
  readonly dates: readonly Date[];
}

/** The next dates of a template's rule, whether or not it is paused; 50 at most. */
export async function nextOccurrences(ctx: Context, template: TemplateRow, count: number): Promise<Date[]> {
  const { count: wanted } = parse(Count, { count });
  return load(ctx, datesOfRules, { recurrence: template, count: wanted });
}

/** One pass over what an operation asks for: each rule once. Between two rules others have their turn. */
const datesOfRules: BatchFunction<Asked, Date[]> = async (ctx, asked) => {
  const known = knownDates(ctx);
  const mostAsked = new Map<string, Asked>();
  for (const each of asked) {
    const key = keyOf(each.recurrence);
    if (each.count > (mostAsked.get(key)?.count ?? 0)) mostAsked.set(key, each);
  }
  for (const [key, { recurrence, count: most }] of mostAsked) {
    const before = known.get(key);
    if (before && before.asked >= most) continue;
    // Whoever asks again for more gets all that there may be, so that nobody asks a third time.
    const wanted = before ? maxOccurrences : most;
    count(ctx, rulesEvaluated, {});
    const dates = occurrencesAfter(recurrence, ctx.clock.now(), wanted).map(({ at }) => at);
    known.set(key, { asked: wanted, dates });
    await turn();
  }
  return asked.map(({ recurrence, count }) => known.get(keyOf(recurrence))?.dates.slice(0, count) ?? []);
};

/** What the operation knows already; it is forgotten together with what its loaders hold. */
function knownDates(ctx: Context): Map<string, Known> {
  const found = ctx.loaders.get(knownDates);
  if (found instanceof Map) return found;
  const known = new Map<string, Known>();
  ctx.loaders.set(knownDates, known);
  return known;
}

function keyOf({ rule, timeZone, startsAt, takenDays = [] }: Recurrence): string {
  return [rule, timeZone, startsAt, ...takenDays].join(' ');
}
