import { join } from 'node:path';
import {
  type ArgumentNode,
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isObjectType,
  Kind,
  type ObjectFieldNode,
  parse,
  TypeInfo,
  type ValueNode,
  type VariableDefinitionNode,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { z } from 'zod';
import { runNotesFolder } from './run-notes.js';

/** Where the requests of a whole run are noted. */
export const sentInputsFolder = join(runNotesFolder, 'sent-inputs');

/** One request of a test: its document, and the paths of its variables' keys (`input.subtasks.title`). */
export const SentRequest = z.object({ query: z.string(), paths: z.array(z.string()) });
export type SentRequest = z.infer<typeof SentRequest>;

/** What a document gives by itself, each as `TaskFilter.tags` or `Query.tasks(filter:)`, and what by its variables. */
interface Given {
  readonly literally: readonly string[];
  readonly byVariable: readonly { readonly place: string; readonly variable: string }[];
  readonly variableTypes: ReadonlyMap<string, GraphQLInputType>;
}

const nothing: Given = { literally: [], byVariable: [], variableTypes: new Map() };

/** Input fields and arguments of a schema that none of these requests gave, each with what to do. */
export function unsentInputs(schema: GraphQLSchema, requests: readonly SentRequest[]): string[] {
  const sent = new Set<string>();
  const documents = new Map<string, Given>();
  for (const { query, paths } of requests) {
    const given = documents.get(query) ?? givenBy(schema, query);
    documents.set(query, given);
    for (const place of given.literally) sent.add(place);
    const names = new Set(paths.map((path) => path.split('.')[0]));
    for (const { place, variable } of given.byVariable) if (names.has(variable)) sent.add(place);
    for (const path of paths) for (const place of placesOf(path, given)) sent.add(place);
  }
  return inputsOf(schema)
    .filter((place) => !sent.has(place))
    .map((place) => `No test sends ${place}: write one in test/ that does so as a Person.`);
}

/** Every field of an input and every argument. */
function inputsOf(schema: GraphQLSchema): string[] {
  const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
  return types.flatMap((type) => {
    if (isInputObjectType(type)) return Object.keys(type.getFields()).map((field) => `${type.name}.${field}`);
    if (!isObjectType(type)) return [];
    const fields = Object.values(type.getFields());
    return fields.flatMap(({ name, args }) => args.map((arg) => `${type.name}.${name}(${arg.name}:)`));
  });
}

/** Nothing for what is no document: tests send that, too. */
function givenBy(schema: GraphQLSchema, query: string): Given {
  const document = parsed(query);
  if (!document) return nothing;
  const literally: string[] = [];
  const byVariable: { place: string; variable: string }[] = [];
  const variableTypes = new Map<string, GraphQLInputType>();
  const types = new TypeInfo(schema);
  const give = (place: string, value: ValueNode) => {
    if (value.kind === Kind.VARIABLE) byVariable.push({ place, variable: value.name.value });
    else literally.push(place);
  };
  const declare = ({ variable }: VariableDefinitionNode) => {
    const type = types.getInputType();
    if (type) variableTypes.set(variable.name.value, type);
  };
  const argue = ({ name, value }: ArgumentNode) =>
    give(`${types.getParentType()?.name}.${types.getFieldDef()?.name}(${name.value}:)`, value);
  const fill = ({ name, value }: ObjectFieldNode) =>
    give(`${getNamedType(types.getParentInputType())?.name}.${name.value}`, value);
  const visitor = { VariableDefinition: { enter: declare }, Argument: { enter: argue }, ObjectField: { enter: fill } };
  visit(document, visitWithTypeInfo(types, visitor));
  return { literally, byVariable, variableTypes };
}

function parsed(query: string): DocumentNode | null {
  try {
    return parse(query);
  } catch {
    return null;
  }
}

/** The input fields along a path of a variable's keys. */
function placesOf(path: string, { variableTypes }: Given): string[] {
  const [variable = '', ...keys] = path.split('.');
  let type = getNamedType(variableTypes.get(variable));
  const places: string[] = [];
  for (const key of keys) {
    if (!isInputObjectType(type)) break;
    places.push(`${type.name}.${key}`);
    type = getNamedType(type.getFields()[key]?.type);
  }
  return places;
}
