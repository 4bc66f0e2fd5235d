import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';

/** Fragments of a document by their names. */
export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/** A document, or its variables, beyond a limit. */
export class LimitExceeded extends GraphQLError {
  constructor(
    /** Which one, for the log. */
    readonly limit: string,
    message: string,
  ) {
    super(message);
  }
}

/** Limits on a document's text: characters, tokens and lines. */
export interface TextLimits {
  readonly maxLength: number;
  readonly maxTokens: number;
}

/** What a signed-in client may send. */
export const textLimits: TextLimits = { maxLength: 50_000, maxTokens: 2_000 };
/** What a stranger may send, who may ask for the schema at most: its longest usual question has 184 tokens. */
export const strangersTextLimits: TextLimits = { maxLength: 5_000, maxTokens: 400 };

/** Each error names its lines, and finding one takes as long as there are lines before it. */
const maxLines = 2_000;
const maxOperations = 20;
/** Levels of nesting; the contract's deepest sensible question has ten. */
const maxDepth = 14;
/** The usual question for the whole schema has 15. */
const maxIntrospectionDepth = 16;
const maxAliases = 60;
const maxDirectives = 30;
/** Fields and fragments, where each fragment counts as often as it is spread. */
const maxFields = 2_000;
/** Root fields of a mutation: each is a write. */
const maxMutations = 10;
/** Levels of lists and objects in an argument or a variable. */
const maxValueDepth = 50;
/** Pairs of fields that share a place in the answer, and of fragments: validation compares each with each. */
const maxPairs = 6_000;

/** @throws LimitExceeded before anything is parsed */
export function checkText(source: string, { maxLength }: TextLimits): void {
  if (source.length > maxLength) {
    throw new LimitExceeded('length', `A document may have at most ${maxLength} characters.`);
  }
  let lines = 1;
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) lines += 1;
  for (let at = source.indexOf('\r'); at >= 0; at = source.indexOf('\r', at + 1)) lines += 1;
  if (lines > maxLines) throw new LimitExceeded('lines', `A document may have at most ${maxLines} lines.`);
}

/** How much there is of something, each fragment counted as often as it is spread. */
interface Size {
  readonly fields: number;
  readonly aliases: number;
  readonly directives: number;
  readonly depth: number;
}

/**
 * Bounds everything about a document that can grow faster than its bytes, in time that does not: a fragment is measured
 * once. What this lets pass is cheap to validate, to reckon and to execute. @throws LimitExceeded, GraphQLError
 */
export function checkDocument({ definitions }: DocumentNode): void {
  const operations = definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
  if (operations.length > maxOperations) {
    throw new LimitExceeded('operations', `A document may have at most ${maxOperations} operations.`);
  }
  const fragments = fragmentsOf(definitions);
  const measuring = new Measuring(fragments);
  let fields = 0;
  for (const operation of operations) fields += checkOperation(operation, measuring);
  if (fields > maxFields) throw tooManyFields();
  const unused = [...fragments.keys()].find((name) => !measuring.isMeasured(name));
  if (unused !== undefined) throw new GraphQLError(`Fragment "${unused}" is never used.`);
  checkPairs(operations, fragments);
}

/** The fragments of a document. */
export function fragmentsOf(definitions: DocumentNode['definitions']): Fragments {
  const fragments = definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION);
  return new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
}

/** How many fields an operation asks its root for, fragments counted out. */
export function rootFieldsOf({ selectionSet }: OperationDefinitionNode, fragments: Fragments): number {
  const counted = new Map<string, number>();
  const count = ({ selections }: SelectionSetNode): number => {
    let fields = 0;
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) fields += 1;
      else if (selection.kind === Kind.INLINE_FRAGMENT) fields += count(selection.selectionSet);
      else fields += countFragment(selection.name.value);
    }
    return fields;
  };
  const countFragment = (name: string): number => {
    const fragment = fragments.get(name);
    const known = counted.get(name) ?? (fragment ? count(fragment.selectionSet) : 0);
    counted.set(name, known);
    return known;
  };
  return count(selectionSet);
}

function checkOperation(operation: OperationDefinitionNode, measuring: Measuring): number {
  const { fields, aliases, directives, depth } = measuring.operation(operation);
  if (fields > maxFields) throw tooManyFields();
  if (depth > maxDepth) throw new LimitExceeded('depth', `Fields may be nested ${maxDepth} levels deep.`);
  if (aliases > maxAliases) throw new LimitExceeded('aliases', `An operation may have at most ${maxAliases} aliases.`);
  if (directives > maxDirectives) {
    throw new LimitExceeded('directives', `An operation may have at most ${maxDirectives} directives.`);
  }
  const isMutation = operation.operation === OperationTypeNode.MUTATION;
  if (isMutation && rootFieldsOf(operation, measuring.fragments) > maxMutations) {
    throw new LimitExceeded('mutations', `A mutation may have at most ${maxMutations} root fields.`);
  }
  return fields;
}

function tooManyFields(): LimitExceeded {
  const message = `A document may have at most ${maxFields} fields, each fragment counted as often as it is spread.`;
  return new LimitExceeded('fields', message);
}

class Measuring {
  /** Null while a fragment is being measured. */
  readonly #measured = new Map<string, Size | null>();

  constructor(readonly fragments: Fragments) {}

  isMeasured(name: string): boolean {
    return this.#measured.has(name);
  }

  operation({ selectionSet, directives = [], variableDefinitions = [] }: OperationDefinitionNode): Size {
    for (const { defaultValue } of variableDefinitions) if (defaultValue) checkLiteral(defaultValue);
    const own = directives.length + variableDefinitions.reduce((sum, each) => sum + (each.directives?.length ?? 0), 0);
    const size = this.#selections(selectionSet);
    return { ...size, directives: size.directives + own };
  }

  #selections({ selections }: SelectionSetNode): Size {
    let [fields, aliases, directives, depth] = [0, 0, 0, 0];
    for (const selection of selections) {
      const below =
        selection.kind === Kind.FIELD
          ? this.#field(selection)
          : selection.kind === Kind.INLINE_FRAGMENT
            ? this.#selections(selection.selectionSet)
            : this.#fragment(selection.name.value);
      fields += 1 + below.fields;
      aliases += below.aliases;
      directives += below.directives + (selection.directives?.length ?? 0);
      depth = Math.max(depth, below.depth);
    }
    return { fields, aliases, directives, depth };
  }

  #field({ name, alias, arguments: given = [], selectionSet }: FieldNode): Size {
    for (const { value } of given) checkLiteral(value);
    const below = selectionSet ? this.#selections(selectionSet) : nothing;
    // The schema's own levels are counted by themselves.
    const isSchema = name.value === '__schema' || name.value === '__type';
    const depth = isSchema ? below.depth - (maxIntrospectionDepth - maxDepth) : below.depth;
    return { ...below, aliases: below.aliases + (alias ? 1 : 0), depth: depth + 1 };
  }

  #fragment(name: string): Size {
    const known = this.#measured.get(name);
    if (known) return known;
    if (known === null) throw new GraphQLError(`Cannot spread fragment "${name}" within itself.`);
    const fragment = this.fragments.get(name);
    if (!fragment) return nothing;
    this.#measured.set(name, null);
    const below = this.#selections(fragment.selectionSet);
    const size = { ...below, directives: below.directives + (fragment.directives?.length ?? 0) };
    this.#measured.set(name, size);
    return size;
  }
}

const nothing: Size = { fields: 0, aliases: 0, directives: 0, depth: 0 };

function checkLiteral(value: ValueNode, depth = 0): void {
  if (depth > maxValueDepth) throw tooDeepValue();
  if (value.kind === Kind.LIST) for (const each of value.values) checkLiteral(each, depth + 1);
  if (value.kind === Kind.OBJECT) for (const each of value.fields) checkLiteral(each.value, depth + 1);
}

/** @throws LimitExceeded when variables are nested so deep that whoever walks them might run out of stack */
export function checkVariables(variables: Readonly<Record<string, unknown>>): void {
  let level: unknown[] = Object.values(variables);
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxValueDepth) throw tooDeepValue();
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) next.push(each);
    }
    level = next;
  }
}

function tooDeepValue(): LimitExceeded {
  return new LimitExceeded('value-depth', `Values may be nested ${maxValueDepth} levels deep.`);
}

/** Fields that share a place in the answer. */
interface Place {
  count: number;
  weight: number;
  readonly below: SelectionSetNode[];
}

/** Walks the answer that operations ask for, place by place: at most `maxFields` steps, as counted before. */
function checkPairs(operations: readonly OperationDefinitionNode[], fragments: Fragments): void {
  let pairs = 0;
  const walk = (selectionSets: readonly SelectionSetNode[]): void => {
    const places = new Map<string, Place>();
    const spreads: Place = { count: 0, weight: 0, below: [] };
    for (const selectionSet of selectionSets) collect(selectionSet, places, spreads);
    for (const { count, weight, below } of [spreads, ...places.values()]) {
      if (count > 1) pairs += count * weight;
      if (pairs > maxPairs) {
        throw new LimitExceeded('repeats', 'Too many fields share a place in the answer: ask for each once.');
      }
      if (below.length > 0) walk(below);
    }
  };
  const collect = ({ selections }: SelectionSetNode, places: Map<string, Place>, spreads: Place): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        collect(selection.selectionSet, places, spreads);
        continue;
      }
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value);
        spreads.count += 1;
        spreads.weight += 1;
        if (fragment) collect(fragment.selectionSet, places, spreads);
        continue;
      }
      const name = selection.alias?.value ?? selection.name.value;
      const place = places.get(name) ?? { count: 0, weight: 0, below: [] };
      place.count += 1;
      place.weight += 1 + (selection.arguments ?? []).reduce((sum, { value }) => sum + weightOf(value), 0);
      if (selection.selectionSet) place.below.push(selection.selectionSet);
      places.set(name, place);
    }
  };
  for (const { selectionSet } of operations) walk([selectionSet]);
}

function weightOf(value: ValueNode): number {
  if (value.kind === Kind.LIST) return value.values.reduce((sum, each) => sum + weightOf(each), 1);
  if (value.kind === Kind.OBJECT) return value.fields.reduce((sum, each) => sum + weightOf(each.value), 1);
  return value.kind === Kind.STRING ? 1 + Math.floor(value.value.length / 100) : 1;
}
