import {
  type DirectiveNode,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  GraphQLString,
  getArgumentValues,
  getNamedType,
  isCompositeType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  SchemaMetaFieldDef,
  type SelectionNode,
  type SelectionSetNode,
  TypeMetaFieldDef,
  type ValueNode,
} from 'graphql';
import type { Fragments } from './fragments.js';
import { LimitExceeded } from './limits.js';

/** Objects that one operation may ask for, by the sizes of the pages that it names. */
const maxCost = 20_000;
/** What a subscription may ask for with each event: one that begins in the past gets thousands. */
const maxEventCost = 500;
/** Of the schema itself an operation may ask for all, once. */
const maxIntrospectionCost = 50_000;

/** A connection's page when none is named. */
const defaultPage = 25;
/** What a plain list (subtasks, tags) is reckoned with. */
const plainList = 10;
/** What a text counts as, unless it may have more than 200 characters and says so itself; and what other scalars do. */
const [textCost, scalarCost] = [0.4, 0.2];
/** What a page counts as beside its rows; and what one of those does at least, since it is read whatever is asked of it. */
const [pageCost, rowCost] = [5, 8];
/** What a list within the schema (fields, arguments) is reckoned with: most types have few or none of each. */
const schemaList = 3;

/** Variables after coercion: defaults are filled in. */
export type Variables = Readonly<Record<string, unknown>>;

/** A number, or how it follows from the variables. */
type Cost = number | ((variables: Variables) => number);

/** A field as an operation asks for it. */
interface FieldUse {
  readonly args: Record<string, unknown>;
  readonly childComplexity: number;
}

/** What a field says of its own cost (`complexity` of TypeGraphQL), in objects. */
type Complexity = number | ((use: FieldUse) => number);

/**
 * How much an operation asks for, as a function of its variables: an object costs 1, a scalar a part of that, a list its
 * size times what is asked of each item, a long text or a computed field what it says itself. It is worked out once an
 * operation; a run only multiplies.
 */
export function costOf(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: Fragments,
): (variables: Variables) => number {
  const root = schema.getRootType(operation.operation);
  const cost = root ? new Reckoning(schema, fragments).selections(root, operation.selectionSet) : 0;
  return typeof cost === 'number' ? () => cost : cost;
}

/** @throws LimitExceeded when an operation costs too much */
export function checkCost(cost: number, type: OperationTypeNode, isIntrospection: boolean): void {
  const { limit, advice } = boundOf(type, isIntrospection);
  if (cost <= limit) return;
  throw new LimitExceeded(
    'cost',
    `The operation asks for ${Math.ceil(cost)} objects, and may ask for ${limit}. ${advice}`,
  );
}

function boundOf(type: OperationTypeNode, isIntrospection: boolean): { limit: number; advice: string } {
  if (isIntrospection) return { limit: maxIntrospectionCost, advice: 'Ask for less of the schema.' };
  if (type !== OperationTypeNode.SUBSCRIPTION) return { limit: maxCost, advice: 'Ask for smaller pages.' };
  return { limit: maxEventCost, advice: 'Ask for less with each event, and for the rest by a query.' };
}

class Reckoning {
  readonly #fragments = new Map<string, Cost>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly fragments: Fragments,
  ) {}

  selections(type: GraphQLCompositeType, { selections }: SelectionSetNode): Cost {
    return sumOf(selections.map((selection) => conditional(selection, this.#selection(type, selection))));
  }

  #selection(type: GraphQLCompositeType, selection: SelectionNode): Cost {
    switch (selection.kind) {
      case Kind.FIELD:
        return this.#field(type, selection);
      case Kind.INLINE_FRAGMENT:
        return this.selections(this.#typeOf(selection.typeCondition?.name.value) ?? type, selection.selectionSet);
      case Kind.FRAGMENT_SPREAD:
        return this.#fragment(selection.name.value);
    }
  }

  #fragment(name: string): Cost {
    const known = this.#fragments.get(name);
    if (known !== undefined) return known;
    const fragment = this.fragments.get(name);
    const type = this.#typeOf(fragment?.typeCondition.name.value);
    const cost = fragment && type ? this.selections(type, fragment.selectionSet) : 0;
    this.#fragments.set(name, cost);
    return cost;
  }

  #typeOf(name: string | undefined): GraphQLCompositeType | null {
    const type = name === undefined ? null : this.schema.getType(name);
    return isCompositeType(type) ? type : null;
  }

  #field(parent: GraphQLCompositeType, node: FieldNode): Cost {
    const field = this.#definitionOf(parent, node.name.value);
    if (!field) return node.name.value === '__typename' ? scalarCost : 0;
    const type: GraphQLNamedType = getNamedType(field.type);
    const below = isCompositeType(type) && node.selectionSet ? this.selections(type, node.selectionSet) : 0;
    const own = complexityOf(parent, field, this.#listSize(parent, field));
    if (typeof own === 'number') return own;
    const reckon = (variables: Variables) =>
      own({
        args: argumentsOf(field, node, variables),
        childComplexity: typeof below === 'number' ? below : below(variables),
      });
    return typeof below === 'number' && !namesVariable(node) ? reckon({}) : reckon;
  }

  #definitionOf(parent: GraphQLCompositeType, name: string): GraphQLField<unknown, unknown> | undefined {
    if (parent === this.schema.getQueryType()) {
      if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
      if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
    }
    return isObjectType(parent) ? parent.getFields()[name] : undefined;
  }

  /** Items of a plain list. */
  #listSize(parent: GraphQLCompositeType, { name, type }: GraphQLField<unknown, unknown>): number {
    if (!isListType(isNonNullType(type) ? type.ofType : type)) return 1;
    if (parent.name === '__Schema' && name === 'types') return Object.keys(this.schema.getTypeMap()).length;
    if (parent.name.startsWith('__')) return schemaList;
    // The page is counted where its size is named, not once more where it is spelled out.
    return name === 'edges' || name === 'nodes' ? 1 : plainList;
  }
}

/** What the children of a page cost is known here; what a field with a page says itself comes on top. */
function complexityOf(
  parent: GraphQLCompositeType,
  field: GraphQLField<unknown, unknown>,
  listSize: number,
): Complexity {
  const given: unknown = field.extensions['complexity'];
  const said = isComplexity(given) ? given : null;
  const takesPage = field.args.some(({ name }) => name === 'first');
  if (takesPage) return (use) => pageComplexity(use) + (typeof said === 'function' ? said(use) : (said ?? 0));
  if (said !== null) return said;
  const type = getNamedType(field.type);
  if (isLeafType(type))
    return parent.name.startsWith('__') ? 0 : listSize * (type === GraphQLString ? textCost : scalarCost);
  return ({ childComplexity }) => listSize * (1 + childComplexity);
}

function pageComplexity({ args, childComplexity }: FieldUse): number {
  return pageCost + toPage(args) * Math.max(rowCost, childComplexity);
}

function isComplexity(said: unknown): said is Complexity {
  return typeof said === 'number' || typeof said === 'function';
}

function toPage(args: Readonly<Record<string, unknown>>): number {
  const size = args['first'] ?? args['last'];
  return typeof size === 'number' && size > 0 ? Math.min(size, 1_000) : defaultPage;
}

/** Arguments that cannot be coerced are refused when the field is executed: until then they count as not given. */
function argumentsOf(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  variables: Variables,
): Record<string, unknown> {
  try {
    return getArgumentValues(field, node, variables);
  } catch {
    return {};
  }
}

/** A selection costs nothing where `@include` or `@skip` leaves it out. */
function conditional({ directives = [] }: SelectionNode, cost: Cost): Cost {
  if (directives.length === 0 || cost === 0) return cost;
  return (variables) => {
    const isLeftOut = directives.some((directive) => leavesOut(directive, variables));
    return isLeftOut ? 0 : typeof cost === 'number' ? cost : cost(variables);
  };
}

function leavesOut({ name, arguments: given = [] }: DirectiveNode, variables: Variables): boolean {
  const condition = given.find((argument) => argument.name.value === 'if')?.value;
  const value = condition?.kind === Kind.VARIABLE ? variables[condition.name.value] : literalOf(condition);
  return (name.value === 'skip' && value === true) || (name.value === 'include' && value === false);
}

function literalOf(value: ValueNode | undefined): boolean | undefined {
  return value?.kind === Kind.BOOLEAN ? value.value : undefined;
}

function sumOf(costs: readonly Cost[]): Cost {
  let fixed = 0;
  const varying: ((variables: Variables) => number)[] = [];
  for (const cost of costs) {
    if (typeof cost === 'number') fixed += cost;
    else varying.push(cost);
  }
  if (varying.length === 0) return fixed;
  return (variables) => varying.reduce((sum, cost) => sum + cost(variables), fixed);
}

function namesVariable({ arguments: given = [] }: FieldNode): boolean {
  const isVariable = (value: ValueNode): boolean =>
    value.kind === Kind.VARIABLE ||
    (value.kind === Kind.LIST && value.values.some(isVariable)) ||
    (value.kind === Kind.OBJECT && value.fields.some((field) => isVariable(field.value)));
  return given.some(({ value }) => isVariable(value));
}
