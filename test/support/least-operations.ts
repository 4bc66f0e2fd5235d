import {
  type ExecutionResult,
  execute,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
  OperationTypeNode,
  parse,
  subscribe,
} from 'graphql';
import type { Context } from '../../src/kernel/context.js';

const someId = '00000000-0000-7000-8000-000000000000';

/** The least that each scalar can be. */
const samplesOfScalars: Readonly<Record<string, string>> = {
  Boolean: 'true',
  DateTime: '"2026-01-01T00:00:00Z"',
  Float: '1',
  Int: '1',
  JSONObject: '{}',
  String: '"x"',
};

/** What is given beyond or instead of the least, where that does not pass validation, by its place. */
export const samples: Readonly<Record<string, string>> = {
  'AddReminderInput.type': 'BEFORE',
  'AddReminderInput.offsetMinutes': '5',
};

/** Which id stands at a place, such as `UpdateTaskInput.id` or `Query.task(id:)`; undefined: any, or none. */
type IdAt = (place: string) => string | undefined;

/** One of the fields that a client begins with. */
export interface RootField {
  readonly root: OperationTypeNode;
  readonly field: GraphQLField<unknown, unknown>;
  /** `mutation updateTask` */
  readonly name: string;
}

/** Every field that an operation on this schema can begin with. */
export function rootFieldsOf(schema: GraphQLSchema): RootField[] {
  return [OperationTypeNode.QUERY, OperationTypeNode.MUTATION, OperationTypeNode.SUBSCRIPTION].flatMap((root) =>
    Object.values(schema.getRootType(root)?.getFields() ?? {}).map((field) => ({
      root,
      field,
      name: `${root} ${field.name}`,
    })),
  );
}

/** A field's operation in its shortest form that passes validation, with the ids that are asked for. */
export function leastOperation({ root, field }: RootField, idAt: IdAt = () => undefined): string {
  const given = samplesOf(argumentsOf(field, root), idAt, []);
  return `${root} { ${field.name}${given ? `(${given})` : ''}${selectionOf(field)} }`;
}

/** Where a field takes anything, each place once: its arguments, and the fields of their inputs. */
export function placesOf({ root, field }: RootField): string[] {
  return [...new Set(argumentsOf(field, root).flatMap((each) => placesIn(each, []).map(({ place }) => place)))];
}

/** Where a field takes ids, each place once. */
export function idPlacesOf({ root, field }: RootField): string[] {
  return [...new Set(argumentsOf(field, root).flatMap((each) => idPlacesIn(each, [])))];
}

/** The first answer to an operation, or what it was refused with. */
export async function firstAnswer(
  schema: GraphQLSchema,
  { root }: RootField,
  query: string,
  contextValue: Context,
): Promise<ExecutionResult> {
  const args = { schema, document: parse(query), contextValue };
  if (root !== OperationTypeNode.SUBSCRIPTION) return execute(args);
  const results = await subscribe(args);
  if (!(Symbol.asyncIterator in results)) return results;
  const { value } = await results.next();
  await results.return(undefined);
  return value ?? {};
}

/** Something that a client can give: an argument, or a field of an input. */
interface Given {
  readonly name: string;
  readonly type: GraphQLInputType;
  readonly place: string;
  readonly isRequired: boolean;
}

function argumentsOf({ name, args }: GraphQLField<unknown, unknown>, root: OperationTypeNode): Given[] {
  const parent = `${root.charAt(0).toUpperCase()}${root.slice(1)}`;
  return args.map((arg) => ({
    name: arg.name,
    type: arg.type,
    place: `${parent}.${name}(${arg.name}:)`,
    isRequired: isRequiredArgument(arg),
  }));
}

/** The fields of an input, without those that lead into one that it is in. */
function fieldsOf(type: GraphQLInputType, above: readonly string[]): Given[] {
  const named = getNamedType(type);
  if (!isInputObjectType(named) || above.includes(named.name)) return [];
  return Object.values(named.getFields()).map((field) => ({
    name: field.name,
    type: field.type,
    place: `${named.name}.${field.name}`,
    isRequired: isRequiredInputField(field),
  }));
}

/** Something given, and everything in it. */
function placesIn(given: Given, above: readonly string[]): Given[] {
  const { name } = getNamedType(given.type);
  return [given, ...fieldsOf(given.type, above).flatMap((field) => placesIn(field, [...above, name]))];
}

function idPlacesIn(given: Given, above: readonly string[]): string[] {
  const ids = placesIn(given, above).filter(({ type }) => getNamedType(type).name === 'ID');
  return ids.map(({ place }) => place);
}

function samplesOf(givens: readonly Given[], idAt: IdAt, above: readonly string[]): string {
  const given = givens.filter(
    (each) =>
      each.isRequired || each.place in samples || idPlacesIn(each, above).some((place) => idAt(place) !== undefined),
  );
  return given.map((each) => `${each.name}: ${sampleOf(each.type, each.place, idAt, above)}`).join(', ');
}

/** The least that can stand at a place. */
function sampleOf(type: GraphQLInputType, place: string, idAt: IdAt, above: readonly string[]): string {
  if (isNonNullType(type)) return sampleOf(type.ofType, place, idAt, above);
  if (isListType(type)) return `[${sampleOf(type.ofType, place, idAt, above)}]`;
  if (isInputObjectType(type)) return `{ ${samplesOf(fieldsOf(type, above), idAt, [...above, type.name])} }`;
  const sample = samples[place];
  if (sample !== undefined) return sample;
  if (isEnumType(type)) return type.getValues()[0]?.name ?? 'null';
  if (type.name === 'ID') return `"${idAt(place) ?? someId}"`;
  const least = samplesOfScalars[type.name];
  if (least === undefined)
    throw new Error(`Add a ${type.name}, as ${place} is, to samplesOfScalars in test/support/least-operations.ts.`);
  return least;
}

/** A list says how much is in it. */
function selectionOf({ type }: GraphQLField<unknown, unknown>): string {
  const named = getNamedType(type);
  if (!isCompositeType(named)) return '';
  const isCounted = 'getFields' in named && named.getFields()['totalCount'] !== undefined;
  return isCounted ? ' { totalCount }' : ' { __typename }';
}
