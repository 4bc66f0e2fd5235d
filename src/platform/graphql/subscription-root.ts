import {
  type DirectiveNode,
  type DocumentNode,
  GraphQLError,
  Kind,
  OperationTypeNode,
  type SelectionSetNode,
} from 'graphql';
import { type Fragments, fragmentsOf } from './fragments.js';

const conditions = new Set(['skip', 'include']);

/**
 * A subscription has a root field whatever its variables are, so that there is something to open. The rule of the
 * specification's next edition (https://github.com/graphql/graphql-spec/pull/860): graphql-js 16 takes a condition there
 * for valid, and fails. @throws GraphQLError
 */
export function checkSubscriptionRoots({ definitions }: DocumentNode): void {
  const fragments = fragmentsOf(definitions);
  for (const each of definitions) {
    if (each.kind !== Kind.OPERATION_DEFINITION || each.operation !== OperationTypeNode.SUBSCRIPTION) continue;
    const nodes = conditionsOf(each.selectionSet, fragments, new Set());
    if (nodes.length > 0) throw new GraphQLError('A subscription takes no @skip or @include at its root.', { nodes });
  }
}

function conditionsOf({ selections }: SelectionSetNode, fragments: Fragments, visited: Set<string>): DirectiveNode[] {
  return selections.flatMap((selection) => {
    const own = (selection.directives ?? []).filter(({ name }) => conditions.has(name.value));
    if (selection.kind === Kind.FIELD) return own;
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      return [...own, ...conditionsOf(selection.selectionSet, fragments, visited)];
    }
    const name = selection.name.value;
    const fragment = visited.has(name) ? undefined : fragments.get(name);
    visited.add(name);
    return fragment ? [...own, ...conditionsOf(fragment.selectionSet, fragments, visited)] : own;
  });
}
