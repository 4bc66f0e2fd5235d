import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import {
  buildSchema,
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isNonNullType,
  isObjectType,
  isScalarType,
  isUnionType,
} from 'graphql';
import { harness, postJson } from '../support/harness.js';

const world = harness();
const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));

/** The least that a required argument can be. */
function sampleOf(type: GraphQLInputType): string {
  const named = getNamedType(type);
  if (isInputObjectType(named)) {
    const required = Object.values(named.getFields()).filter(
      (field) => isNonNullType(field.type) && field.defaultValue === undefined,
    );
    return `{ ${required.map((field) => `${field.name}: ${sampleOf(field.type)}`).join(', ')} }`;
  }
  if (isScalarType(named) && named.name === 'Int') return '1';
  if (isEnumType(named)) return named.getValues()[0]?.name ?? 'null';
  if (isScalarType(named) && named.name === 'DateTime') return '"2026-01-01T00:00:00Z"';
  if (isScalarType(named)) return '"00000000-0000-7000-8000-000000000000"';
  return 'null';
}

function callOf({ name, args, type }: GraphQLField<unknown, unknown>): string {
  const required = args.filter((arg) => isNonNullType(arg.type) && arg.defaultValue === undefined);
  const given =
    required.length > 0 ? `(${required.map((arg) => `${arg.name}: ${sampleOf(arg.type)}`).join(', ')})` : '';
  const named = getNamedType(type);
  return `${name}${given}${isObjectType(named) || isUnionType(named) ? ' { __typename }' : ''}`;
}

const fieldsOf = (root: 'Query' | 'Mutation') => {
  const type = schema.getType(root);
  return isObjectType(type)
    ? Object.values(type.getFields()).map((field) => [field.name, root, callOf(field)] as const)
    : [];
};

test.each([...fieldsOf('Query'), ...fieldsOf('Mutation')])('%s asks who is there', async (_, root, call) => {
  const response = await postJson(`${world.url}/graphql`, { query: `${root.toLowerCase()} { ${call} }` });
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
});
