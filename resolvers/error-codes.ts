import { GraphQLEnumType, GraphQLSchema } from 'graphql';
import { meaningOf } from '../src/kernel/errors.js';

const ErrorCode = new GraphQLEnumType({
  name: 'ErrorCode',
  description: 'What `extensions.code` of an error can be.',
  values: Object.fromEntries(
    Object.entries(meaningOf).map(([code, { meaning, remedy }]) => [code, { description: `${meaning} ${remedy}` }]),
  ),
});

/** The schema with the codes of errors in it: no field has them, as they stand in an error's extensions. */
export function withErrorCodes(schema: GraphQLSchema): GraphQLSchema {
  const { types, ...rest } = schema.toConfig();
  return new GraphQLSchema({ ...rest, types: [...types, ErrorCode] });
}
