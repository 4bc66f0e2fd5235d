/** What a law's list still says of something that is no more, each with what to do. */
export function staleIn(list: string, names: Iterable<string>, known: Iterable<string>): string[] {
  const there = new Set(known);
  return [...names].filter((name) => !there.has(name)).map((name) => `${name} is no more: remove it from ${list}.`);
}
