import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { type BrokenRule, type DeclaredErrors, invalid } from './errors.js';
import { hasControls, lineOf, paragraphsOf } from './text.js';

function characters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** Text that a person wrote: well-formed, without control characters, `min` to `max` characters once it is kept. */
function written(min: number, max: number, keptAs: (text: string) => string) {
  return (
    z
      .string()
      // Refused before anything walks over it.
      .max(max * 4 + 1_000, `must have at most ${max} characters`)
      .refine((text) => text.isWellFormed(), 'must not contain lone surrogates')
      .transform(keptAs)
      .refine((text) => !hasControls(text), 'must not contain control characters')
      .refine(
        (text) => characters(text) >= min,
        min === 1 ? 'must not be empty' : `must have at least ${min} characters`,
      )
      .refine((text) => characters(text) <= max, `must have at most ${max} characters`)
  );
}

/** The pieces that inputs are made of. */
export const field = {
  /** An id: a UUID in its usual spelling, made lower-case. */
  id: z
    .string()
    .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i, 'must be a UUID')
    .transform((text) => text.toLowerCase()),

  /** The version that a writer saw. */
  version: z.int().min(1, 'must be at least 1'),

  /** A moment between the years 1970 and 9999. */
  moment: z
    .date('must be a date')
    .refine((date) => date.getTime() >= 0 && date.getUTCFullYear() <= 9_999, 'must lie between 1970 and 9999'),

  /** Whole minutes that a piece of work may take. */
  estimatedMinutes: z.int().min(1, 'must be at least 1').max(720, 'must be at most 720'),

  /** An IANA time zone that this server knows, in the spelling of the IANA database: one that was renamed keeps its name. */
  timeZone: z
    .string()
    .max(64, 'must be an IANA time zone')
    .transform((name, { addIssue }) => {
      const known = spelledZone(name);
      if (known !== null) return known;
      addIssue('must be an IANA time zone, such as Europe/London');
      return z.NEVER;
    }),

  /**
   * One line of text, such as a title, of `min` to `max` characters (Unicode code points, as PostgreSQL counts them).
   * @see lineOf
   */
  line: (min: number, max: number) => written(min, max, lineOf),

  /** Text of several lines, such as a description. @see paragraphsOf */
  paragraphs: (min: number, max: number) => written(min, max, paragraphsOf),

  /** A filter that takes any of a list: null and an empty list leave nothing out. */
  anyOf: <Schema extends z.ZodType>(schema: Schema, most: number) =>
    z
      .array(schema)
      .max(most, `must name at most ${most}`)
      .nullish()
      .transform((list) => (list && list.length > 0 ? list : null)),
};

function spelledZone(name: string): string | null {
  // Offsets such as `+02:00` pass for `Temporal` but follow no daylight saving.
  if (!/^[A-Za-z]/.test(name)) return null;
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId;
  } catch {
    return null;
  }
}

/**
 * The JSON schema of what a provider is to answer: each property of an object is there, and no other.
 * @see JsonShape
 */
export function jsonSchemaOf(schema: z.ZodType): Readonly<Record<string, unknown>> {
  const { $schema, ...own } = z.toJSONSchema(schema);
  return own;
}

/** What `parse` refuses. */
export const parseErrors: DeclaredErrors = { VALIDATION_FAILED: '' };

/**
 * Parses what a client sent. What GraphQL hands over is parsed by strict objects: a field of the schema that a use case
 * forgets is refused, not lost. @throws VALIDATION_FAILED, naming every field and its rule. */
export function parse<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input, { error: describe });
  if (parsed.success) return parsed.data;
  throw invalid(parsed.error.issues.flatMap(rulesOf));
}

/** One id that a client named. @throws VALIDATION_FAILED */
export function parseId(value: unknown): string {
  return parse(z.object({ id: field.id }), { id: value }).id;
}

/** A key that is not known is a fault of its own, at its own path. */
function rulesOf(issue: z.core.$ZodIssue): BrokenRule[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ field: [...issue.path, key].join('.'), rule: 'is not a field of this input' }));
  }
  return [{ field: issue.path.join('.') || 'input', rule: issue.message }];
}

function describe(issue: { code?: string; input?: unknown }): string | undefined {
  if (issue.code !== 'invalid_type') return undefined;
  return issue.input === null ? 'must not be null' : issue.input === undefined ? 'is required' : undefined;
}
