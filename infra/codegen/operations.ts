import { Kind, type OperationDefinitionNode, type OperationTypeNode } from 'graphql';

/** A named operation of `operations/`. */
export interface NamedOperation {
  readonly name: string;
  readonly type: OperationTypeNode;
  /** Whether it can be sent without variables. */
  readonly runsAlone: boolean;
}

/** The operations of the documents, by name. @throws when one has no name */
export function operationsOf(
  files: readonly { readonly document?: { readonly definitions: readonly { readonly kind: string }[] } }[],
): NamedOperation[] {
  const definitions = files.flatMap(({ document }) => document?.definitions ?? []);
  return definitions
    .filter((definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION)
    .map(({ name, operation, variableDefinitions = [] }) => {
      if (!name) throw new Error('An operation in operations/ has no name.');
      const mandatory = variableDefinitions.filter(
        ({ type, defaultValue }) => type.kind === Kind.NON_NULL_TYPE && !defaultValue,
      );
      return { name: name.value, type: operation, runsAlone: mandatory.length === 0 };
    })
    .toSorted((one, other) => one.name.localeCompare(other.name));
}
