import {
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import type { Fragments } from './fragments.js';

/** An operation without fragments. */
export interface FlatOperation {
  readonly operation: OperationDefinitionNode;
  /** How many fields and fragments it was made of, each as often as it is spread. */
  readonly fields: number;
}

/**
 * The same operation without fragments and with each field of an answer written once, in the order in which graphql-js
 * answers. Null when it has what graphql-jit executes wrongly, or more than `maxFields` fields: directives (a fragment
 * that is reached twice keeps the condition of one way), variables within literals (what is absent arrives as null, and
 * in custom scalars it is lost), and mutations (it goes on after one that failed).
 */
export function flatOperation(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: Fragments,
  maxFields: number,
): FlatOperation | null {
  const root = schema.getRootType(operation.operation);
  if (!root || operation.operation === OperationTypeNode.MUTATION) return null;
  const flattening = new Flattening(schema, fragments, maxFields);
  const selectionSet = flattening.objectOf(root, [operation.selectionSet]);
  return selectionSet && { operation: { ...operation, selectionSet }, fields: flattening.fields };
}

class Flattening {
  fields = 0;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly fragments: Fragments,
    private readonly maxFields: number,
  ) {}

  /** What several selection sets select of one object type. */
  objectOf(type: GraphQLObjectType, selectionSets: readonly SelectionSetNode[]): SelectionSetNode | null {
    const collected = new Map<string, FieldNode[]>();
    for (const { selections } of selectionSets) if (!this.#collect(type, selections, collected)) return null;
    const selections: FieldNode[] = [];
    for (const nodes of collected.values()) {
      const field = this.#merged(type, nodes);
      if (!field) return null;
      selections.push(field);
    }
    return { kind: Kind.SELECTION_SET, selections };
  }

  /** Sorts fields by their names in the answer. False: the operation cannot be made flat. */
  #collect(type: GraphQLObjectType, selections: readonly SelectionNode[], into: Map<string, FieldNode[]>): boolean {
    for (const selection of selections) {
      this.fields += 1;
      if (this.fields > this.maxFields || (selection.directives ?? []).length > 0) return false;
      if (selection.kind === Kind.FIELD) {
        if (selection.arguments?.some(({ value }) => hasVariableWithin(value))) return false;
        const name = selection.alias?.value ?? selection.name.value;
        const known = into.get(name);
        if (known) known.push(selection);
        else into.set(name, [selection]);
        continue;
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : this.fragments.get(selection.name.value);
      if (!fragment || (fragment.directives ?? []).length > 0) return false;
      if (!this.#applies(fragment.typeCondition?.name.value, type)) continue;
      if (!this.#collect(type, fragment.selectionSet.selections, into)) return false;
    }
    return true;
  }

  #applies(condition: string | undefined, type: GraphQLObjectType): boolean {
    if (condition === undefined || condition === type.name) return true;
    const other = this.schema.getType(condition);
    return isAbstractType(other) && this.schema.isSubType(other, type);
  }

  #merged(type: GraphQLObjectType, nodes: readonly FieldNode[]): FieldNode | null {
    const [first] = nodes;
    if (!first) return null;
    const returned = type.getFields()[first.name.value];
    const named = returned && getNamedType(returned.type);
    if (!isCompositeType(named)) return first;
    const selectionSet = this.#compositeOf(
      named,
      nodes.flatMap((node) => node.selectionSet ?? []),
    );
    return selectionSet && { ...first, selectionSet };
  }

  #compositeOf(type: GraphQLOutputType, selectionSets: readonly SelectionSetNode[]): SelectionSetNode | null {
    if (isObjectType(type)) return this.objectOf(type, selectionSets);
    if (!isAbstractType(type)) return null;
    const selections: SelectionNode[] = [];
    for (const member of this.schema.getPossibleTypes(type)) {
      const selectionSet = this.objectOf(member, selectionSets);
      if (!selectionSet) return null;
      if (selectionSet.selections.length === 0) continue;
      const name = { kind: Kind.NAME, value: member.name } as const;
      selections.push({
        kind: Kind.INLINE_FRAGMENT,
        typeCondition: { kind: Kind.NAMED_TYPE, name },
        selectionSet,
      });
    }
    return { kind: Kind.SELECTION_SET, selections };
  }
}

/** Whether a variable stands within a list or an object. */
function hasVariableWithin(value: ValueNode): boolean {
  if (value.kind === Kind.LIST) return value.values.some(hasVariable);
  return value.kind === Kind.OBJECT && value.fields.some((field) => hasVariable(field.value));
}

function hasVariable(value: ValueNode): boolean {
  return value.kind === Kind.VARIABLE || hasVariableWithin(value);
}
