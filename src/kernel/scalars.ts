import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { GraphQLDateTime, GraphQLJSONObject } from 'graphql-scalars';

/**
 * A moment as PostgreSQL prints a `timestamptz` when the session's zone is UTC: `2026-11-21 05:13:35.12+00`.
 * Rows of reads keep it as text: parsing it to a `Date` only to print it again costs more than the query.
 */
export type Timestamp = string;

const seconds = '2026-11-21T05:13:35'.length;
const milliseconds = '2026-11-21T05:13:35.123'.length;

/** RFC 3339 text in UTC with milliseconds, from a `Date` or from PostgreSQL's text. */
export function toRfc3339(moment: Date | Timestamp): string {
  if (moment instanceof Date) return moment.toISOString();
  const end = moment.indexOf('+', seconds);
  if (end >= milliseconds) return `${moment.slice(0, 10)}T${moment.slice(11, milliseconds)}Z`;
  const fraction = moment.slice(seconds + 1, end < 0 ? moment.length - 1 : end);
  return `${moment.slice(0, 10)}T${moment.slice(11, seconds)}.${fraction.padEnd(3, '0').slice(0, 3)}Z`;
}

/** `DateTime`: RFC 3339. Any offset is accepted and converted; answers are always UTC with milliseconds. */
export const DateTime = new GraphQLScalarType<Date, string>({
  ...GraphQLDateTime.toConfig(),
  name: 'DateTime',
  description: 'A moment, RFC 3339. Any offset is accepted; answers are always UTC with milliseconds.',
  serialize: (value) => {
    if (value instanceof Date || typeof value === 'string') return toRfc3339(value);
    throw new TypeError('DateTime cannot represent this value.');
  },
});

/** Levels of nesting; what is deeper can exhaust the stack of whoever reads it. */
const maxJsonDepth = 20;

/** `JSONObject`: any JSON object of at most 20 levels. */
export const JSONObject = new GraphQLScalarType({
  ...GraphQLJSONObject.toConfig(),
  description: `A JSON object, at most ${maxJsonDepth} levels deep. Written into a document its texts are in quotes; what JSON cannot hold as written (a name without quotes, an integer beyond 2^53, a number that is too large) is refused, and so is a number beyond a double's range, such as 1e400, in a variable.`,
  parseValue: (value) => {
    const object = ofSaneDepth(GraphQLJSONObject.parseValue(value));
    refuseInfinity(object, '');
    return object;
  },
  parseLiteral: (literal, variables) => {
    refuseLoss(literal, '');
    return ofSaneDepth(GraphQLJSONObject.parseLiteral(literal, variables));
  },
});

/** @throws GraphQLError for a number such as 1e400, which `JSON.parse` reads as Infinity and JSON writes as null */
function refuseInfinity(value: unknown, path: string): void {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new GraphQLError(lossMessage(tooLarge, path));
  if (typeof value !== 'object' || value === null) return;
  for (const [key, each] of Object.entries(value)) {
    refuseInfinity(each, Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`);
  }
}

const tooLarge = 'a number that is too large or too small for JSON readers (write it as a string, in quotes)';

function lossMessage(reason: string, path: string): string {
  return `JSONObject has ${reason} at "${path}".`;
}

/** @throws GraphQLError for a literal that graphql-scalars would drop or change without a word; `path` leads to it */
function refuseLoss(literal: ValueNode, path: string): void {
  if (literal.kind === Kind.OBJECT) {
    for (const { name, value } of literal.fields) refuseLoss(value, path === '' ? name.value : `${path}.${name.value}`);
  } else if (literal.kind === Kind.LIST) {
    literal.values.forEach((value, place) => {
      refuseLoss(value, `${path}[${place}]`);
    });
  } else if (path !== '') {
    const reason = lossOf(literal);
    if (reason !== null) throw new GraphQLError(lossMessage(reason, path), { nodes: literal });
  }
}

function lossOf(literal: ValueNode): string | null {
  switch (literal.kind) {
    case Kind.ENUM:
      return 'a name without quotes, which JSON does not know (write it as a string, in quotes)';
    case Kind.INT:
      return Number.isSafeInteger(Number(literal.value))
        ? null
        : 'an integer beyond 2^53, which JSON readers round (write it as a string, in quotes)';
    case Kind.FLOAT:
      return Number.isFinite(Number(literal.value)) && !isUnderflow(literal.value) ? null : tooLarge;
    default:
      return null;
  }
}

/** Whether a number that is not 0 is read as 0. */
function isUnderflow(text: string): boolean {
  return Number(text) === 0 && /[1-9]/.test(text.replace(/e.*/i, ''));
}

function ofSaneDepth<T>(value: T): T {
  if (isDeeperThan(maxJsonDepth, value)) throw new GraphQLError(`JSONObject is at most ${maxJsonDepth} levels deep.`);
  return value;
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((each) => isDeeperThan(levels - 1, each));
}
