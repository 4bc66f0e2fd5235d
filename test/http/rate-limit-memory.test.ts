import { expect, test } from '@jest/globals';
import { AppError } from '../../src/kernel/errors.js';
import { RateLimit } from '../../src/platform/rate-limit/rate-limit.js';

/** What no other process counts. */
const alone = (perMinute: number) => new RateLimit({ name: 'x', perMinute }, null);

const refusal = (limit: RateLimit, key: string, count = 1) => {
  try {
    void limit.take(key, count);
    return null;
  } catch (error) {
    return error instanceof AppError ? { ...error.details, message: error.message } : error;
  }
};

test('a limit keeps a bounded number of keys, whoever comes from however many addresses', () => {
  const limit = alone(1);
  for (let index = 0; index < 20_001; index += 1) void limit.take(`2001:db8:${index.toString(16)}::`);
  // The first has been forgotten for the last, and the last has not.
  expect(refusal(limit, '2001:db8:4e20::')).toMatchObject({
    limit: 1,
    remaining: 0,
    message: 'At most 1 request a minute. Try again later.',
  });
  expect(refusal(limit, '2001:db8:0::')).toBeNull();
});

test('what does not fit takes nothing, and asking whether a key is exhausted makes none', () => {
  const limit = alone(10);
  expect(limit.isExhausted('ada')).toBe(false);
  void limit.take('ada', 6);
  expect(refusal(limit, 'ada', 5)).toMatchObject({
    limit: 10,
    remaining: 4,
    retryAfter: expect.any(Number),
    message: 'At most 10 requests a minute. Try again later.',
  });
  expect(limit.take('ada', 4)).toMatchObject({ remaining: 0 });
  expect(limit.isExhausted('ada')).toBe(true);
});
