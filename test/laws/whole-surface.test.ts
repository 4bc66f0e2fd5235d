import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { buildSchema, isInputObjectType, isObjectType, parse, TypeInfo, visit, visitWithTypeInfo } from 'graphql';

const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
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

test('every field of every input is sent by a test', () => {
  const tests = filesOf('test', /\.tsx?$/).filter((file) => !file.startsWith('test/laws/'));
  const text = tests.map((file) => readFileSync(file, 'utf8')).join('\n');
  const found = own.filter(isInputObjectType).flatMap((type) =>
    Object.keys(type.getFields())
      .filter((field) => !new RegExp(`\\b${field}\\b`).test(text))
      .map((field) => `No test sends \`${field}\` of ${type.name}: write one in test/.`),
  );
  expect(found).toEqual([]);
});
