import { type FieldNode, type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';

type Fragments = GraphQLResolveInfo['fragments'];

/** Executors hand the same nodes to a resolver for each item of a list. */
const known = new WeakMap<readonly FieldNode[], Map<string, ReadonlySet<string>>>();

/**
 * Which fields an operation selects right below the field that is being resolved, or below fields further down that
 * `path` names, so that a read may leave out columns and counts that nobody asked for, and read along what somebody did.
 * What `@include` and `@skip` leave out is in it.
 */
export function selectionOf({ fieldNodes, fragments }: GraphQLResolveInfo, ...path: string[]): ReadonlySet<string> {
  const ofNodes = known.get(fieldNodes) ?? new Map<string, ReadonlySet<string>>();
  known.set(fieldNodes, ofNodes);
  const place = path.join('.');
  const found = ofNodes.get(place);
  if (found) return found;
  let nodes: readonly FieldNode[] = fieldNodes;
  for (const name of path) nodes = fieldsBelow(nodes, fragments).filter((field) => field.name.value === name);
  const selection = new Set(fieldsBelow(nodes, fragments).map(({ name }) => name.value));
  ofNodes.set(place, selection);
  return selection;
}

function fieldsBelow(nodes: readonly FieldNode[], fragments: Fragments): FieldNode[] {
  const found: FieldNode[] = [];
  const seen = new Set<string>();
  const add = ({ selections }: SelectionSetNode): void => {
    for (const each of selections) {
      if (each.kind === Kind.FIELD) found.push(each);
      else if (each.kind === Kind.INLINE_FRAGMENT) add(each.selectionSet);
      else if (!seen.has(each.name.value)) {
        seen.add(each.name.value);
        const fragment = fragments[each.name.value];
        if (fragment) add(fragment.selectionSet);
      }
    }
  };
  for (const { selectionSet } of nodes) if (selectionSet) add(selectionSet);
  return found;
}
