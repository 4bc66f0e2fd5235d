import type { GraphQLResolveInfo } from 'graphql';
import type { FieldExpansion, TypeExpansion } from 'graphql-jit';

const none: ReadonlySet<string> = new Set();
const known = new WeakMap<TypeExpansion, ReadonlySet<string>>();

/**
 * Which fields of `type` an operation selects right below the field that is being resolved, so that a read may leave
 * out columns and counts that nobody asked for. graphql-jit works it out once, when it compiles the operation.
 */
export function selectionOf(info: GraphQLResolveInfo, type: string): ReadonlySet<string> {
  const expansion = isExpanded(info) ? info.fieldExpansion[type] : undefined;
  if (!expansion) return none;
  const selection = known.get(expansion) ?? new Set(Object.keys(expansion));
  known.set(expansion, selection);
  return selection;
}

function isExpanded(info: GraphQLResolveInfo): info is GraphQLResolveInfo & { fieldExpansion: FieldExpansion } {
  return 'fieldExpansion' in info;
}
