import type { Chance } from './chance.js';

/** All orders of some things. */
export function ordersOf<Thing>(things: readonly Thing[]): Thing[][] {
  if (things.length === 0) return [[]];
  return things.flatMap((first, index) => ordersOf(things.toSpliced(index, 1)).map((others) => [first, ...others]));
}

/** The same order, in which each thing may come once more, at once or later. */
export function withDuplicates<Thing>(order: readonly Thing[], chance: Chance): Thing[] {
  const mixed = [...order];
  for (const thing of order) {
    if (chance.happens(0.5)) continue;
    const [earliest, latest] = [mixed.indexOf(thing) + 1, mixed.length];
    mixed.splice(earliest + chance.upTo(latest - earliest), 0, thing);
  }
  return mixed;
}
