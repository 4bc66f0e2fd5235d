import { expect, test } from '@jest/globals';
import { Failures } from '../../src/platform/failures.js';
import { createLog } from '../../src/platform/log.js';

test('what fails again and again is a line of the log for each reason, until it has gone well', () => {
  const lines: string[] = [];
  const failures = new Failures(createLog('info', { write: (line: string) => void lines.push(line) }));
  const fail = (reason: string) => failures.note(new Error(reason), { queue: 'x' }, 'jobs could not be read');
  for (const reason of ['refused', 'refused', 'too slow', 'too slow', 'refused']) fail(reason);
  failures.clear();
  fail('refused');
  expect(lines.map((line) => JSON.parse(line).error.message)).toEqual(['refused', 'too slow', 'refused', 'refused']);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 50, queue: 'x', msg: 'jobs could not be read' });
});
