import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import {
  buildSchema,
  type GraphQLField,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import { harness } from '../support/harness.js';

const world = harness({ shared: 'many inputs, each sent by a person of its own', worker: false, lastingTokens: true });
const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));

/** As JSON escapes it; a backslash and the same letters, as in a quotation of what was sent, are none. */
const loneSurrogate = /(?<!\\)(?:\\\\)*\\ud[89a-f]/i;

/** A value of the type in which every text is this one. */
function exampleOf(type: GraphQLInputType, text: string): unknown {
  if (isNonNullType(type)) return exampleOf(type.ofType, text);
  if (isListType(type)) return [exampleOf(type.ofType, text)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) {
    return Object.fromEntries(
      Object.values(type.getFields()).map((field) => [field.name, exampleOf(field.type, text)]),
    );
  }
  if (type.name === 'Int' || type.name === 'Float') return 1;
  if (type.name === 'Boolean') return true;
  if (type.name === 'DateTime') return '2027-01-01T00:00:00Z';
  return type.name === 'JSONObject' ? { [text]: text } : text;
}

function operationOf(kind: string, field: GraphQLField<unknown, unknown>, text: string) {
  const declared = field.args.map(({ name, type }) => `$${name}: ${type}`).join(', ');
  const given = field.args.map(({ name }) => `${name}: $${name}`).join(', ');
  const variables = Object.fromEntries(field.args.map(({ name, type }) => [name, exampleOf(type, text)]));
  return { query: `${kind} T(${declared}) { ${field.name}(${given}) { __typename } }`, variables };
}

const fields = (['query', 'mutation'] as const).flatMap((kind) => {
  const root = kind === 'query' ? schema.getQueryType() : schema.getMutationType();
  return Object.values(root?.getFields() ?? {})
    .filter(({ args, name }) => args.length > 0 && name !== 'advanceClock')
    .map((field) => [field.name, kind, field] as const);
});

test.each(fields)('%s takes NUL and lone surrogates for no fault of ours', async (_, kind, field) => {
  const ada = await world.user();
  for (const text of ['a\u0000b', '\ud800', 'a\udc00b', '\u0000', '00000000-0000-7000-8000-00000000000\u0000']) {
    const { query, variables } = operationOf(kind, field, text);
    const { body, text: answer } = await ada.send(query, variables);
    for (const error of body.errors ?? []) expect(error.extensions?.['code']).not.toBe('INTERNAL');
    expect(answer).not.toMatch(loneSurrogate);
    // Every field that the schema has is sent: one that the use case does not know would be refused as unknown.
    expect(answer).not.toContain('nrecognized key');
  }
});
