import 'reflect-metadata';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { extendSchema, isObjectType, parse, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import { readNotes } from '../../infra/run-notes.js';
import { SentRequest, unsentInputs } from '../../infra/sent-inputs.js';
import { schemaOf } from '../../resolvers/index.js';
import { SentInputs } from '../support/sent-inputs.js';

/** As it is served: what nobody has emitted yet counts. */
const schema = schemaOf({ movableClock: false });
const own = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));

function filesOf(folder: string, ending: RegExp): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => ending.test(file)).map((file) => `${folder}/${file}`);
}

/** Fields that the documents of `operations/` select, each as `Type.field`. */
function selectedFields(): Set<string> {
  const selected = new Set<string>();
  const text = filesOf('operations', /\.graphql$/).map((file) => readFileSync(file, 'utf8'));
  const types = new TypeInfo(schema);
  const select = () => {
    selected.add(`${types.getParentType()?.name}.${types.getFieldDef()?.name}`);
  };
  visit(parse(text.join('\n')), visitWithTypeInfo(types, { Field: { enter: select } }));
  return selected;
}

/** The short form of `edges`, and the way back to where a document has come from. */
const unselected = /Connection\.nodes$|^(Subtask|Reminder)\.task$/;

test('every field of the schema is selected by a document in operations/, so that typed clients have it', () => {
  const selected = selectedFields();
  const found = own.filter(isObjectType).flatMap((type) =>
    Object.keys(type.getFields())
      .map((field) => `${type.name}.${field}`)
      .filter((field) => !selected.has(field) && !unselected.test(field))
      .map((field) => `${field} is in no document: select it in operations/, then \`npm run codegen\`.`),
  );
  expect(found).toEqual([]);
});

/** Where a test's requests are noted. */
const folder = mkdtempSync(join(tmpdir(), 'sent-inputs-'));
afterAll(() => rmSync(folder, { recursive: true }));

const planted = extendSchema(
  schema,
  parse(`
    extend input TaskFilter { planted: Boolean, second: Boolean }
    extend type Task { planted(first: Int): Int }
  `),
);

/** What requests leave out of the planted schema but not of ours. */
function plantedAndUnsent(requests: readonly SentRequest[]): string[] {
  const places = unsentInputs(planted, requests).map((fault) => fault.split(' ')[3] ?? '');
  return places.filter((place) => /planted|\.second:/.test(place));
}

test('a field of an input, or an argument, that no request of a test gives is found, by its type', () => {
  const sent = new SentInputs(folder);
  // The same name elsewhere, and a variable that is declared and not given, are nothing.
  sent.note('query($p: Boolean, $f: Int) { tasks(filter: { planted: $p }) { nodes { planted(first: $f) } } }', {});
  sent.note('mutation($input: UpdateTaskInput!) { updateTask(input: $input) { task { id } } }', {
    input: { planted: true, second: true },
  });
  sent.note('no document', { filter: { planted: true } });
  const none = ['Task.planted(first:):', 'TaskFilter.planted:', 'TaskFilter.second:'];
  expect(plantedAndUnsent(readNotes(folder, SentRequest)).sort()).toEqual(none);
  sent.note('query($filter: TaskFilter) { tasks(filter: $filter) { totalCount } }', { filter: { second: null } });
  sent.note('{ tasks(filter: { planted: true }) { nodes { planted(first: 1) } } }', {});
  expect(plantedAndUnsent(readNotes(folder, SentRequest))).toEqual([]);
});
