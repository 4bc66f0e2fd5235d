import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import {
  extendSchema,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isSpecifiedScalarType,
  parse,
} from 'graphql';
import { declaredErrors } from '../../infra/met-errors.js';
import { schemaOf } from '../../resolvers/index.js';

/** As it is served, not as `schema.graphql` says: what nobody has emitted yet counts. */
const schema = schemaOf({ movableClock: true });

interface Described {
  readonly place: string;
  readonly description: string | null | undefined;
}

/** A type and everything in it, arguments included. */
function partsOf(type: GraphQLNamedType): Described[] {
  const itself = { place: type.name, description: type.description };
  if (isEnumType(type)) return [itself, ...type.getValues().map((value) => placed(type.name, value))];
  if (isInputObjectType(type)) {
    return [itself, ...Object.values(type.getFields()).map((field) => placed(type.name, field))];
  }
  if (!isObjectType(type)) return [itself];
  const fields = Object.values(type.getFields()).flatMap((field) => [
    placed(type.name, field),
    ...field.args.map(({ name, description }) => ({ place: `${type.name}.${field.name}(${name}:)`, description })),
  ]);
  return [itself, ...fields];
}

function placed(owner: string, { name, description }: { name: string; description?: string | null | undefined }) {
  return { place: `${owner}.${name}`, description };
}

/** The first column of the table in `docs/writing.md`. */
const unwanted = readFileSync('docs/writing.md', 'utf8')
  .split('\n')
  .flatMap((line) => /^\| ([a-z, ]+?) +\|/.exec(line)?.[1]?.split(', ') ?? [])
  .filter((word) => word !== 'not this');

/** Descriptions that are too short to say anything, or have words that nobody else would use. */
function unclearOf(schema: GraphQLSchema): string[] {
  return Object.values(schema.getTypeMap())
    .filter((type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type))
    .flatMap(partsOf)
    .flatMap(({ place, description }) => {
      if (!description) return [];
      const found = unwanted.filter((word) => new RegExp(`\\b${word}\\b`, 'i').test(description));
      const faults = found.map((word) => `${place} says "${word}": docs/writing.md has what to say instead.`);
      return description.split(/\s+/).length < 4
        ? [...faults, `${place} says too little: "${description}": four words at least.`]
        : faults;
    });
}

/** What a schema has of ours that does not say what it is. The three roots are GraphQL's. */
function silentOf(schema: GraphQLSchema): string[] {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  return Object.values(schema.getTypeMap())
    .filter((type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type))
    .flatMap(partsOf)
    .filter(({ place, description }) => !description && !roots.some((root) => root?.name === place))
    .map(({ place }) => `${place} says nothing: give it a \`description\`.`);
}

/** Mutations that do not say how they can fail. */
function errorlessOf(schema: GraphQLSchema): string[] {
  return Object.values(schema.getMutationType()?.getFields() ?? {})
    .filter(({ description }) => declaredErrors(description) === null)
    .map(({ name }) => `Mutation.${name} does not say how it fails: make its description \`withErrors\`.`);
}

test('every type, field, argument and value says what it is', () => expect(silentOf(schema)).toEqual([]));

test('every description says enough, in words that a stranger knows', () => {
  expect(unwanted).toContain('foreign');
  expect(unclearOf(schema)).toEqual([]);
  const planted = extendSchema(
    schema,
    parse('extend type Task { "UUID." planted: Int "Says that it is doubled." second: Int }'),
  );
  expect(unclearOf(planted).map((fault) => fault.split(' ')[0])).toEqual(['Task.planted', 'Task.second']);
});

test('every mutation says its errors', () => expect(errorlessOf(schema)).toEqual([]));

test('what says nothing is found wherever it is', () => {
  const planted = extendSchema(
    schema,
    parse(`
      scalar Silent
      enum Planted { VALUE }
      union Either = Task | Reminder
      extend type Task { planted("Said." said: Int, unsaid: Int): Int }
      extend input TaskFilter { planted: Boolean }
      extend type Query { planted: Int }
      extend type Mutation { "Plants." planted: Int "Plants. Errors: NO_SUCH_CODE." second(input: Int): Int }
    `),
  );
  const placesOf = (faults: string[]) => faults.map((fault) => fault.split(' ')[0]);
  const before = silentOf(schema);
  const places = placesOf(silentOf(planted).filter((fault) => !before.includes(fault)));
  expect(places.sort()).toEqual([
    'Either',
    'Mutation.second(input:)',
    'Planted',
    'Planted.VALUE',
    'Query.planted',
    'Silent',
    'Task.planted',
    'Task.planted(unsaid:)',
    'TaskFilter.planted',
  ]);
  const errorless = errorlessOf(planted).filter((fault) => !errorlessOf(schema).includes(fault));
  expect(placesOf(errorless)).toEqual(['Mutation.planted', 'Mutation.second']);
});
