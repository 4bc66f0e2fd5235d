/** UTF-16 code units that the answer to one operation may have: writing it holds up everybody for some 20 ms. */
export const maxAnswerLength = 8 * 1_024 * 1_024;

/** What a number, a boolean, null, or the punctuation of a value counts as. */
const lengthOfOthers = 4;

/** Whether the JSON text of a value is longer than that, in about as many steps as it has values until then. */
export function isLongerThan(maxLength: number, value: unknown): boolean {
  return leftOf(maxLength, value) < 0;
}

/** What is left of a length once a value has taken its part; below 0 it stops to look. */
function leftOf(length: number, value: unknown): number {
  if (typeof value === 'string') return length - value.length - lengthOfOthers;
  if (typeof value !== 'object' || value === null) return length - lengthOfOthers;
  let left = length - lengthOfOthers;
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length && left >= 0; at += 1) left = leftOf(left, value[at]);
    return left;
  }
  for (const key in value) {
    if (left < 0) break;
    left = leftOf(left - key.length, Reflect.get(value, key));
  }
  return left;
}
