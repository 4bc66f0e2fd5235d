/** A piece of the text, as opposed to a value that is still to be written. */
class Piece {
  constructor(readonly text: string) {}
}

/**
 * A JSON value as text in which the order of keys says nothing: two values are written alike exactly if they are the
 * same. Lists keep their order. However deep it is, the stack does not grow: strangers decide about the depth.
 */
export function canonicalJson(value: unknown): string {
  const text: string[] = [];
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (next instanceof Piece) text.push(next.text);
    else if (Array.isArray(next))
      open.push(
        ...inReverse(
          '[',
          next.map((item) => [item]),
          ']',
        ),
      );
    else if (typeof next === 'object' && next !== null) {
      const fields = Object.entries(next).filter(([, item]) => item !== undefined);
      fields.sort(([a], [b]) => (a < b ? -1 : 1));
      open.push(
        ...inReverse(
          '{',
          fields.map(([name, item]) => [new Piece(`${JSON.stringify(name)}:`), item]),
          '}',
        ),
      );
    } else text.push(JSON.stringify(next) ?? 'null');
  }
  return text.join('');
}

/** What is to be written of a list, the last thing first. */
function inReverse(start: string, items: readonly (readonly unknown[])[], end: string): unknown[] {
  const separated = items.flatMap((item, index) => (index === 0 ? item : [new Piece(','), ...item]));
  return [new Piece(start), ...separated, new Piece(end)].reverse();
}
