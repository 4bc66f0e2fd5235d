import { Kind, type OperationDefinitionNode, type SelectionSetNode, type ValueNode } from 'graphql';
import type { Fragments } from './fragments.js';
import { LimitExceeded } from './limits.js';

/** Pairs of fields that share a place in the answer, and of fragments: validation compares each with each. */
const maxPairs = 6_000;

/** Fields that share a place in the answer. */
interface Place {
  count: number;
  weight: number;
  readonly below: SelectionSetNode[];
}

/**
 * Walks the answer that operations ask for, place by place: in as many steps as there are fields, each fragment counted as
 * often as it is spread. @throws LimitExceeded
 */
export function checkPairs(operations: readonly OperationDefinitionNode[], fragments: Fragments): void {
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
