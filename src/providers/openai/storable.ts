/** A text as PostgreSQL takes it: half of a character becomes U+FFFD, and NUL, which its texts do not have, goes. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '');
}

/** The same of a JSON text, for `jsonb`: its strings and names may have escapes of both. @throws SyntaxError, RangeError */
export function parseStorable(text: string): unknown {
  return JSON.parse(text, (_, value: unknown) => {
    if (typeof value === 'string') return storable(value);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [storable(name), each]));
  });
}
