import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  isEnumType,
  isIntrospectionType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { AppError } from '../../src/kernel/errors.js';
import { Chance } from './chance.js';

/** What a stand-in for a row answers with: the same place in an answer always holds the same. */
interface Stub {
  readonly place: string;
}

/**
 * Gives every resolver of a schema a stand-in that answers from its place, its arguments and its parent alone: now a
 * value, now a promise of one, now null, now an error. Fields without a resolver stay without one:
 * they are properties, and some of these are promises.
 */
export function stubResolvers(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || isIntrospectionType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      if (isProperty(field)) continue;
      field.resolve = (parent: unknown, args) => {
        const place = `${placeOf(parent)}/${field.name}(${inspect(args)})`;
        const chance = new Chance(hash(place));
        if (chance.happens(0.02)) return Promise.reject(new Error(`${field.name} failed.`));
        if (!isInList(place) && chance.happens(0.02)) throw new AppError('NOT_FOUND', `Nothing is at ${field.name}.`);
        const value = someOf(schema, field.type, place, chance, inspect(args));
        return chance.happens(0.4) ? Promise.resolve(value) : value;
      };
    }
  }
}

/** The root of a subscription's event. */
export function stubRoot(schema: GraphQLSchema): object {
  const root = schema.getSubscriptionType();
  if (!root) throw new Error('The schema has no subscriptions.');
  return stubOf(schema, root.name, 'event');
}

function isProperty({ resolve }: GraphQLField<unknown, unknown>): boolean {
  return !resolve || resolve === defaultFieldResolver;
}

function someOf(schema: GraphQLSchema, type: GraphQLOutputType, place: string, chance: Chance, said: string): unknown {
  if (isNonNullType(type)) {
    return chance.happens(0.01) ? wrong(place, null) : presentOf(schema, type.ofType, place, chance, said);
  }
  return chance.happens(0.15) ? null : presentOf(schema, type, place, chance, said);
}

/**
 * What a resolver must not answer. Within lists it comes as a promise: where one item fails at once, graphql-js leaves
 * the promises of the others to themselves, and one that is rejected ends the process.
 */
function wrong(place: string, value: unknown): unknown {
  return isInList(place) ? Promise.resolve(value) : value;
}

function isInList(place: string): boolean {
  return place.includes('#');
}

function presentOf(
  schema: GraphQLSchema,
  type: GraphQLOutputType,
  place: string,
  chance: Chance,
  said: string,
): unknown {
  if (isNonNullType(type)) return presentOf(schema, type.ofType, place, chance, said);
  if (isListType(type)) {
    // An item that is a promise beside one that fails at once is left to itself by graphql-js.
    const isNullable = !isNonNullType(type.ofType);
    return Array.from({ length: chance.upTo(3) }, (_, index) =>
      isNullable && chance.happens(0.15) ? null : presentOf(schema, type.ofType, `${place}#${index}`, chance, said),
    );
  }
  if (isUnionType(type)) return stubOf(schema, chance.pick(type.getTypes()).name, place);
  if (isObjectType(type)) return stubOf(schema, type.name, place);
  if (isEnumType(type)) return chance.pick(type.getValues()).value;
  switch (type.name) {
    case 'Int':
      return chance.happens(0.02) ? wrong(place, 'many') : chance.upTo(1_000);
    case 'Float':
      return chance.upTo(1_000) / 8;
    case 'Boolean':
      return chance.happens(0.5);
    case 'DateTime':
      return chance.happens(0.5) ? new Date(chance.upTo(2 ** 31) * 1_000) : '2026-11-21 05:13:35.12+00';
    case 'JSONObject':
      return { place, nested: [chance.upTo(9), { said }] };
    default:
      return `${said} at ${place.length}`;
  }
}

/** An object of a type: fields without a resolver are its properties. */
function stubOf(schema: GraphQLSchema, typename: string, place: string): Stub {
  const stub = { place, __typename: typename };
  const type = schema.getType(typename);
  if (!isObjectType(type)) throw new Error(`There is no type ${typename}.`);
  for (const field of Object.values(type.getFields())) {
    if (!isProperty(field)) continue;
    const at = `${place}.${field.name}`;
    Object.defineProperty(stub, field.name, {
      get: () => {
        const chance = new Chance(hash(at));
        const value = someOf(schema, field.type, at, chance, field.name);
        return chance.happens(0.02) ? Promise.resolve(value) : value;
      },
    });
  }
  return stub;
}

function placeOf(parent: unknown): string {
  const isStub = typeof parent === 'object' && parent !== null && 'place' in parent;
  return isStub ? String(parent.place) : 'root';
}

/** Arguments as they arrived: what is absent, undefined and null is told apart, the order of keys is not. */
function inspect(value: unknown): string {
  if (value instanceof Date) return `Date ${value.toISOString()}`;
  if (Array.isArray(value)) return `[${value.map(inspect).join()}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([name, each]) => `${name}:${inspect(each)}`);
    return `{${entries.sort().join()}}`;
  }
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

/** FNV-1a. */
function hash(text: string): number {
  let mixed = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) mixed = Math.imul(mixed ^ text.charCodeAt(index), 0x01000193);
  return mixed >>> 0;
}
