import { expect, test } from '@jest/globals';
import { CreateTask } from '../../generated/documents.js';
import type { Person } from '../support/person.js';

test('the compiler finds a variable that a document does not have, also where the operation is to be refused', () => {
  // Never called: a misspelt variable would be refused, and the test that sends it would pass for the wrong reason.
  const sent = (ada: Person) => [
    // @ts-expect-error: a task has a `title`.
    ada.ok(CreateTask, { input: { name: 'x' } }),
    // @ts-expect-error: a task has a `title`.
    ada.refused(CreateTask, { input: { name: 'x' } }, 'VALIDATION_FAILED'),
    // @ts-expect-error: there is an `input`.
    ada.refused(CreateTask, {}, 'VALIDATION_FAILED'),
    // @ts-expect-error: there is no such priority.
    ada.refused(CreateTask, { input: { title: 'x', priority: 'URGENT' } }, 'VALIDATION_FAILED'),
  ];
  expect(sent).toBeDefined();
});
