import { type FieldNode, type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';

/** Executors hand the same nodes to a resolver for each item of a list. */
const known = new WeakMap<readonly FieldNode[], ReadonlySet<string>>();

/**
 * Which fields an operation selects right below the field that is being resolved, so that a read may leave out columns
 * and counts that nobody asked for. What `@include` and `@skip` leave out is in it.
 */
export function selectionOf({ fieldNodes, fragments }: GraphQLResolveInfo): ReadonlySet<string> {
  const found = known.get(fieldNodes);
  if (found) return found;
  const selection = new Set<string>();
  const seen = new Set<string>();
  const add = ({ selections }: SelectionSetNode): void => {
    for (const each of selections) {
      if (each.kind === Kind.FIELD) selection.add(each.name.value);
      else if (each.kind === Kind.INLINE_FRAGMENT) add(each.selectionSet);
      else if (!seen.has(each.name.value)) {
        seen.add(each.name.value);
        const fragment = fragments[each.name.value];
        if (fragment) add(fragment.selectionSet);
      }
    }
  };
  for (const { selectionSet } of fieldNodes) if (selectionSet) add(selectionSet);
  known.set(fieldNodes, selection);
  return selection;
}
