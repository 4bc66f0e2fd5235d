import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import {
  buildSchema,
  extendSchema,
  type GraphQLArgument,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isUnionType,
  parse,
} from 'graphql';
import { schemaOf } from '../../resolvers/index.js';
import { staleIn } from '../support/stale.js';

const contract = buildSchema(readFileSync('test/laws/contract.graphql', 'utf8'));
/** As it is served: what nobody has emitted yet counts. */
const ours = schemaOf({ movableClock: false });

/** What we have added to it. */
const additions = new Set([
  'ActivityEntry.eventType',
  'Change.eventType',
  'DeleteTaskTemplateInput.withOpenInstances',
  'AddReminderInput.recurrenceScope',
  'AddSubtaskInput.recurrenceScope',
  'CompleteTaskPayload.nextInstanceWaiting',
  'CreateTaskTemplateInput.reminders',
  'CreateTaskTemplateInput.subtasks',
  'DeletePayload.nextInstance',
  'DeletePayload.nextInstanceWaiting',
  'RecurrenceScope.THIS_ONLY',
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

const file = 'test/laws/contract.graphql';

/** The members of a type by their names, each with its type, arguments and defaults. */
function membersOf(type: GraphQLNamedType): Record<string, string> {
  const written = ({ name, type, defaultValue }: Pick<GraphQLArgument, 'name' | 'type' | 'defaultValue'>) =>
    `${name}: ${type}${defaultValue === undefined ? '' : ` = ${JSON.stringify(defaultValue)}`}`;
  if (isEnumType(type)) return Object.fromEntries(type.getValues().map(({ name }) => [name, 'a value']));
  if (isUnionType(type)) return Object.fromEntries(type.getTypes().map(({ name }) => [name, 'a member']));
  if (isInputObjectType(type))
    return Object.fromEntries(Object.values(type.getFields()).map((field) => [field.name, written(field)]));
  if (!isObjectType(type)) return {};
  const fields = Object.values(type.getFields());
  return Object.fromEntries(
    fields.map(({ name, type, args }) => [name, `(${args.map(written).sort().join(', ')}) -> ${type}`]),
  );
}

/** Where a schema says otherwise than the contract, each with what to do. */
function faultsOf(built: GraphQLSchema): string[] {
  const faults: string[] = [];
  for (const type of Object.values(built.getTypeMap()).filter(({ name }) => !name.startsWith('__'))) {
    const promised = contract.getType(type.name);
    if (!promised) {
      faults.push(`Type ${type.name} is not in the contract: add it to ${file}.`);
      continue;
    }
    const expected = membersOf(promised);
    for (const [name, shape] of Object.entries(membersOf(type))) {
      if (!(name in expected)) {
        if (!additions.has(`${type.name}.${name}`))
          faults.push(`\`${name}\` of ${type.name} is not in the contract: add it to ${type.name} in ${file}.`);
      } else if (expected[name] !== shape)
        faults.push(
          `\`${name}\` of ${type.name} is ${shape}, in the contract ${expected[name]}: clients rely on that one; if both are to change, change ${file}, too.`,
        );
    }
  }
  return faults;
}

test('what is built of the contract has its names and its nullability', () => {
  expect(faultsOf(ours)).toEqual([]);
});

test('every addition is of something that there is', () => {
  const members = Object.values(ours.getTypeMap()).flatMap((type) =>
    Object.keys(membersOf(type)).map((name) => `${type.name}.${name}`),
  );
  expect(staleIn('`additions` of test/laws/contract.test.ts', additions, members)).toEqual([]);
});

test('what the contract does not have is named, with what to do', () => {
  const planted = extendSchema(
    ours,
    parse(`
      type Planted { id: ID! }
      extend type Task { planted: Boolean! }
      extend input TaskFilter { planted: Boolean }
      extend enum Priority { URGENT }
      extend type Query { planted: Planted }
    `),
  );
  const before = faultsOf(ours);
  const added = faultsOf(planted).filter((fault) => !before.includes(fault));
  expect(added.sort()).toEqual([
    'Type Planted is not in the contract: add it to test/laws/contract.graphql.',
    '`URGENT` of Priority is not in the contract: add it to Priority in test/laws/contract.graphql.',
    '`planted` of Query is not in the contract: add it to Query in test/laws/contract.graphql.',
    '`planted` of Task is not in the contract: add it to Task in test/laws/contract.graphql.',
    '`planted` of TaskFilter is not in the contract: add it to TaskFilter in test/laws/contract.graphql.',
  ]);
});
