import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { buildSchema, type GraphQLFieldMap, type GraphQLSchema, isInputObjectType, isObjectType } from 'graphql';

const contract = buildSchema(readFileSync('test/laws/contract.graphql', 'utf8'));
const ours = buildSchema(readFileSync('schema.graphql', 'utf8'));

type Shape = Record<string, string>;

function shapeOf(schema: GraphQLSchema): Map<string, Shape> {
  const shapes = new Map<string, Shape>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (isObjectType(type)) shapes.set(type.name, fieldsOf(type.getFields()));
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields());
      shapes.set(
        type.name,
        Object.fromEntries(fields.map((field) => [field.name, `${field.type} = ${String(field.defaultValue)}`])),
      );
    }
  }
  return shapes;
}

function fieldsOf(fields: GraphQLFieldMap<unknown, unknown>): Shape {
  return Object.fromEntries(
    Object.values(fields).map(({ name, type, args }) => [
      name,
      `${args
        .map((arg) => `${arg.name}: ${arg.type} = ${String(arg.defaultValue)}`)
        .sort()
        .join(', ')} -> ${type}`,
    ]),
  );
}

test('what is built of the contract has its names and its nullability', () => {
  const promised = shapeOf(contract);
  const built = shapeOf(ours);
  for (const [name, shape] of built) {
    const expected = promised.get(name);
    if (!expected) continue;
    for (const [field, type] of Object.entries(shape)) {
      if (field in expected) expect(`${name}.${field}: ${type}`).toBe(`${name}.${field}: ${expected[field]}`);
    }
  }
});

/** What we have added to it. */
const additions = new Set([
  'DeleteTaskTemplateInput.withOpenInstances',
  'AddReminderInput.recurrenceScope',
  'AddSubtaskInput.recurrenceScope',
  'CompleteTaskPayload.nextInstanceWaiting',
  'CreateTaskTemplateInput.reminders',
  'CreateTaskTemplateInput.subtasks',
  'DeletePayload.nextInstance',
  'DeletePayload.nextInstanceWaiting',
  'RemoveReminderInput.recurrenceScope',
  'RemoveSubtaskInput.recurrenceScope',
  'ReorderSubtasksInput.recurrenceScope',
  'SubtaskPayload.nextInstance',
  'SubtaskPayload.nextInstanceWaiting',
  'TaskTemplatePayload.nextInstanceWaiting',
  'UpdateReminderInput.recurrenceScope',
  'UpdateSubtaskInput.recurrenceScope',
  'UpdateTaskTemplateInput.reminders',
  'UpdateTaskTemplateInput.subtasks',
]);

test('nothing is named otherwise than in the contract', () => {
  const promised = shapeOf(contract);
  for (const [name, shape] of shapeOf(ours)) {
    const expected = promised.get(name);
    expect(
      expected
        ? Object.keys(shape).filter((field) => !(field in expected) && !additions.has(`${name}.${field}`))
        : [name],
    ).toEqual([]);
  }
});

test('every type and field says what it is', () => {
  const silent: string[] = [];
  for (const type of Object.values(ours.getTypeMap())) {
    if (type.name.startsWith('__') || !(isObjectType(type) || isInputObjectType(type))) continue;
    if (['Query', 'Mutation', 'Subscription'].includes(type.name)) continue;
    if (!type.description) silent.push(type.name);
    for (const field of Object.values(type.getFields()))
      if (!field.description) silent.push(`${type.name}.${field.name}`);
  }
  expect(silent).toEqual([]);
});
