import { join } from 'node:path';
import {
  type DocumentNode,
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql';
import { z } from 'zod';
import { generalErrors, httpStatus } from '../src/kernel/errors.js';
import { runNotesFolder } from './run-notes.js';

/** Where the errors are noted that the tests of a whole run have met. */
export const metErrorsFolder = join(runNotesFolder, 'met-errors');

/**
 * An error that a field answered a test: the document, the response keys that lead to the field, none where it ended a
 * subscription, and the code.
 */
export const MetError = z.object({ query: z.string(), path: z.array(z.string()), code: z.string() });
export type MetError = z.infer<typeof MetError>;

const codes = new RegExp(`\\b(${Object.keys(httpStatus).join('|')})\\b`, 'g');

/** The errors that a field declares, as `withErrors` of the resolvers writes them; null when it says nothing of errors. */
export function declaredErrors(description: string | null | undefined): readonly string[] | null {
  const [, errors] = /\bErrors: (.*)\.$/s.exec(description ?? '') ?? [];
  if (errors === undefined) return null;
  return errors === 'none of its own' ? [] : (errors.replace(/\([^)]*\)/g, '').match(codes) ?? null);
}

/** Where what the fields of a schema declare is not what tests have met, each with what to do. */
export function errorFaults(schema: GraphQLSchema, met: readonly MetError[]): string[] {
  const declared = new Set(Object.values(schema.getTypeMap()).flatMap(declaredBy));
  const found = new Set(
    met.flatMap(({ query, path, code }) => placesAt(schema, parse(query), path).map((place) => `${place} ${code}`)),
  );
  const general = new Set<string>(generalErrors);
  const undeclared = [...found].filter((each) => !declared.has(each) && !general.has(each.split(' ')[1] ?? ''));
  const unmet = [...declared].filter((each) => !found.has(each));
  return [
    ...undeclared.map((each) => `A test meets ${each}, which is not declared: add it to the errors of its use case.`),
    ...unmet.map((each) => `No test meets ${each}: write one in test/ that does so as a Person, or do not declare it.`),
  ];
}

/** Each error that a type's fields declare, as `Mutation.completeTask CONFLICT`. */
function declaredBy(type: GraphQLNamedType): string[] {
  if (!isObjectType(type)) return [];
  return Object.values(type.getFields()).flatMap(({ name, description }) =>
    (declaredErrors(description) ?? []).map((code) => `${type.name}.${name} ${code}`),
  );
}

/** The fields, such as `Mutation.completeTask`, that response keys lead to. */
function placesAt(schema: GraphQLSchema, document: DocumentNode, path: readonly string[]): string[] {
  const fragments = new Map(
    document.definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each]] : [])),
  );
  const fieldsOf = (type: GraphQLNamedType | null | undefined, set?: SelectionSetNode): PlacedField[] =>
    (set?.selections ?? []).flatMap((each): PlacedField[] => {
      if (each.kind === Kind.FIELD) return type ? [{ type, field: each }] : [];
      const fragment = each.kind === Kind.FRAGMENT_SPREAD ? fragments.get(each.name.value) : each;
      const condition = fragment?.typeCondition?.name.value;
      return fieldsOf(condition ? schema.getType(condition) : type, fragment?.selectionSet);
    });
  const follow = (fields: readonly PlacedField[], [key, ...rest]: readonly string[]): string[] =>
    fields.flatMap(({ type, field }) => {
      const known = isObjectType(type) ? type.getFields()[field.name.value] : undefined;
      if (!known || (key !== undefined && (field.alias ?? field.name).value !== key)) return [];
      if (rest.length === 0) return [`${type.name}.${known.name}`];
      return follow(fieldsOf(getNamedType(known.type), field.selectionSet), rest);
    });
  return document.definitions.flatMap((each) =>
    each.kind === Kind.OPERATION_DEFINITION
      ? follow(fieldsOf(schema.getRootType(each.operation), each.selectionSet), path)
      : [],
  );
}

/** A field of a document and the type that it is selected of. */
interface PlacedField {
  readonly type: GraphQLNamedType;
  readonly field: FieldNode;
}
