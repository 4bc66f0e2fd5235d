import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from '../../src/activity/canonical-json.js';

/** The same value with its keys in another order, all the way down. */
function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([key, each]) => [key, shuffled(each)] as const);
  return Object.fromEntries(fields.reverse());
}

test('the order of keys says nothing, and everything else does', () => {
  const property = (a: unknown, b: unknown) => {
    expect(canonicalJson(shuffled(a))).toBe(canonicalJson(a));
    expect(JSON.parse(canonicalJson(a))).toEqual(JSON.parse(JSON.stringify(a)));
    expect(canonicalJson(a) === canonicalJson(b)).toBe(canonicalJson([a]) === canonicalJson([b]));
  };
  fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), property), { numRuns: 500 });
});

test.each<[unknown, unknown, boolean]>([
  [{ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }, true],
  [[1, 2], [2, 1], false],
  [{ a: null }, {}, false],
  [{ a: undefined }, {}, true],
  [JSON.parse('1.0'), 1, true],
  [JSON.parse('1e2'), 100, true],
  [-0, 0, true],
  ['1', 1, false],
  [{ a: [] }, { a: {} }, false],
  [{ 10: 1, 9: 2 }, { 9: 2, 10: 1 }, true],
  [JSON.parse('{"__proto__":1}'), {}, false],
  ['a","b', ['a', 'b'], false],
])('%j and %j: %s', (a, b, alike) => expect(canonicalJson(a) === canonicalJson(b)).toBe(alike));

test('a value of any depth is written', () => {
  const depth = 200_000;
  const text = '['.repeat(depth) + ']'.repeat(depth);
  expect(canonicalJson(JSON.parse(text))).toBe(text);
});
