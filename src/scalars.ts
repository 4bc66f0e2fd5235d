import { GraphQLError, GraphQLScalarType } from 'graphql';
import { GraphQLDateTime, GraphQLJSONObject } from 'graphql-scalars';

/**
 * A moment as PostgreSQL prints a `timestamptz` when the session's zone is UTC: `2026-11-21 05:13:35.12+00`.
 * Rows of reads keep it as text: parsing it to a `Date` only to print it again costs more than the query.
 */
export type Timestamp = string;

const seconds = '2026-11-21T05:13:35'.length;

/** RFC 3339 text in UTC with milliseconds, from a `Date` or from PostgreSQL's text. */
export function toRfc3339(moment: Date | Timestamp): string {
  if (moment instanceof Date) return moment.toISOString();
  const end = moment.indexOf('+', seconds);
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
  description: `A JSON object, at most ${maxJsonDepth} levels deep.`,
  parseValue: (value) => ofSaneDepth(GraphQLJSONObject.parseValue(value)),
  parseLiteral: (literal, variables) => ofSaneDepth(GraphQLJSONObject.parseLiteral(literal, variables)),
});

function ofSaneDepth<T>(value: T): T {
  if (isDeeperThan(maxJsonDepth, value)) throw new GraphQLError(`JSONObject is at most ${maxJsonDepth} levels deep.`);
  return value;
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((each) => isDeeperThan(levels - 1, each));
}
