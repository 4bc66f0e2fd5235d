import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { buildSchema, isEnumType } from 'graphql';
import { meaningOf, statusOf } from '../../src/errors.js';

const codes = Object.entries(meaningOf);

test.each(codes)('the README says what %s means and what a client does', (code, { meaning, remedy }) => {
  const status = Object.entries(statusOf).find(([name]) => name === code)?.[1];
  const row = `| \`${code}\` | ${status} | ${meaning} | ${remedy} |`;
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
