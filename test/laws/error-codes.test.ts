import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { buildSchema, isEnumType } from 'graphql';
import { httpStatus, meaningOf } from '../../src/kernel/errors.js';

const codes = Object.entries(meaningOf);
/** HTTP has words of its own for some bad input: see `HttpRefusal`, `rawRefusalOf` and what Fastify refuses. */
const otherStatuses = new Map([['VALIDATION_FAILED', ', 405, 406, 408, 413, 415, 417, 431, 501']]);

test.each(codes)('the README says what %s means and what a client does', (code, { meaning, remedy }) => {
  const status = Object.entries(httpStatus).find(([name]) => name === code)?.[1];
  const row = `| \`${code}\` | ${status}${otherStatuses.get(code) ?? ''} | ${meaning} | ${remedy} |`;
  const lines = readFileSync('README.md', 'utf8').split('\n');
  // A formatter may have padded the table.
  const hasRow = lines.some((line) => line.replaceAll(/ +/g, ' ') === row);
  expect(hasRow ? '' : `Write this row into the table of README.md's section Errors: ${row}`).toBe('');
});

test('the schema has every code, with the same words', () => {
  const type = buildSchema(readFileSync('schema.graphql', 'utf8')).getType('ErrorCode');
  const described = isEnumType(type) ? type.getValues().map(({ name, description }) => [name, description]) : [];
  const expected = codes.map(([code, { meaning, remedy }]) => [code, `${meaning} ${remedy}`]);
  expect(described.sort()).toEqual(expected.sort());
});
