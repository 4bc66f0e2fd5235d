import {
  type DocumentNode,
  type FieldNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
} from 'graphql';
import { type Fragments, fragmentsOf, rootFieldsOf } from './fragments.js';
import { LimitExceeded } from './limits.js';
import { checkPairs } from './repeated-fields.js';
import { checkLiteral } from './value-depth.js';

const maxOperations = 20;
/** Levels of fields below each other; the contract's deepest sensible question has ten. */
const maxDepth = 14;
/** The usual question for the whole schema has 15. */
const maxIntrospectionDepth = 16;
const maxAliases = 60;
const maxDirectives = 30;
/** Fields and fragments, where each fragment counts as often as it is spread. */
const maxFields = 2_000;
/** Root fields of a mutation: each is a write. */
const maxMutations = 10;

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
