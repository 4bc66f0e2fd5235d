import { GraphQLEnumType, GraphQLSchema } from 'graphql';
import { type DeclaredErrors, generalErrors, meaningOf } from '../src/kernel/errors.js';

const ErrorCode = new GraphQLEnumType({
  name: 'ErrorCode',
  description: `What \`extensions.code\` of an error can be. A field ends its description with the errors of its own; every operation can also answer ${generalErrors.join(', ')}. What a request is refused with before it is executed has no \`path\`.`,
  values: Object.fromEntries(
    Object.entries(meaningOf).map(([code, { meaning, remedy }]) => [code, { description: `${meaning} ${remedy}` }]),
  ),
});

/** The schema with the codes of errors in it: no field has them, as they stand in an error's extensions. */
export function withErrorCodes(schema: GraphQLSchema): GraphQLSchema {
  const { types, ...rest } = schema.toConfig();
  return new GraphQLSchema({ ...rest, types: [...types, ErrorCode] });
}

/** A field's description with the errors that its use case declares: `… Errors: NOT_FOUND, CONFLICT (a stale version).` */
export function withErrors(description: string, errors: DeclaredErrors): string {
  const named = Object.entries(errors).map(([code, about]) => (about ? `${code} (${about})` : code));
  return `${description} Errors: ${named.join(', ') || 'none of its own'}.`;
}
