import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import {
  astFromValue,
  buildSchema,
  type GraphQLArgument,
  type GraphQLEnumValue,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  print,
} from 'graphql';

const contract = readFileSync('test/laws/contract.graphql', 'utf8');
const ours = readFileSync('schema.graphql', 'utf8');

/** What the contract has and nobody has built yet: whatever is missing beside it was built once, and clients use it. */
const notBuiltYet = readFileSync('test/laws/not-built-yet.txt', 'utf8').split('\n').filter(Boolean);

/** A type's members by name, each with all that clients rely on: types, nullability, arguments and defaults. */
type Shape = ReadonlyMap<string, string>;

function shapeOf(type: GraphQLNamedType): Shape {
  if (isEnumType(type)) return new Map(type.getValues().map(({ name }) => [name, 'a value']));
  if (isUnionType(type)) return new Map(type.getTypes().map(({ name }) => [name, 'a member']));
  if (isInputObjectType(type))
    return new Map(Object.values(type.getFields()).map((field) => [field.name, inputOf(field)]));
  if (!isObjectType(type) && !isInterfaceType(type)) return new Map();
  return new Map(
    Object.values(type.getFields()).map((field) => {
      const args = field.args.map((arg) => `${arg.name}: ${inputOf(arg)}`).sort();
      return [field.name, `${args.length > 0 ? `(${args.join(', ')}): ` : ''}${field.type}`];
    }),
  );
}

function inputOf({ type, defaultValue }: GraphQLArgument | GraphQLInputField): string {
  const value = defaultValue === undefined ? null : astFromValue(defaultValue, type);
  return value ? `${type} = ${print(value)}` : String(type);
}

const typesOf = (schema: GraphQLSchema) =>
  Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
const kindOf = (type: GraphQLNamedType) => type.constructor.name;

/** Where what is built differs from what is promised, each as a sentence that says what to do. */
function differences(builtText: string, promisedText: string): string[] {
  const [built, promised] = [buildSchema(builtText), buildSchema(promisedText)];
  const added = typesOf(built).flatMap((type) => {
    const expected = promised.getType(type.name);
    const add = (what: string) => `${what} is not in the contract: add it to test/laws/contract.graphql.`;
    if (!expected) return [add(type.name)];
    if (kindOf(type) !== kindOf(expected)) return [`${type.name} is another kind of type than in the contract.`];
    const members = shapeOf(expected);
    return [...shapeOf(type)].flatMap(([name, is]) => {
      const was = members.get(name);
      if (was === undefined) return [add(`${name} of ${type.name}`)];
      return was === is
        ? []
        : [`${type.name}.${name} is '${is}', and in the contract '${was}', which clients rely on.`];
    });
  });
  const missing = typesOf(promised).flatMap((type) => {
    const is = built.getType(type.name);
    if (!is) return [type.name];
    const members = shapeOf(is);
    return [...shapeOf(type).keys()].filter((name) => !members.has(name)).map((name) => `${type.name}.${name}`);
  });
  const gone = missing.filter((what) => !notBuiltYet.includes(what));
  const isBuilt = notBuiltYet.filter((what) => !missing.includes(what));
  return [
    ...added,
    ...gone.map((what) => `${what} is in the contract and no longer in schema.graphql: bring it back, clients use it.`),
    ...isBuilt.map((what) => `${what} is built: take it out of test/laws/not-built-yet.txt.`),
  ];
}

/** A type, its members and their arguments by name, each with its description. */
function descriptionsOf(type: GraphQLNamedType): [string, string | null | undefined][] {
  const own: [string, string | null | undefined] = [type.name, type.description];
  if (isEnumType(type)) return [own, ...described(type.name, type.getValues())];
  if (isInputObjectType(type)) return [own, ...described(type.name, Object.values(type.getFields()))];
  if (!isObjectType(type) && !isInterfaceType(type)) return [own];
  const fields = Object.values(type.getFields());
  const args = fields.flatMap((field) => described(`${type.name}.${field.name}`, field.args));
  return [own, ...described(type.name, fields), ...args];
}

type Described = GraphQLArgument | GraphQLInputField | GraphQLEnumValue | GraphQLField<unknown, unknown>;

const described = (owner: string, members: readonly Described[]) =>
  members.map(({ name, description }): [string, string | null | undefined] => [`${owner}.${name}`, description]);

/** What has no description. */
function undescribed(text: string): string[] {
  return typesOf(buildSchema(text))
    .flatMap(descriptionsOf)
    .filter(([, description]) => !description?.trim())
    .map(([name]) => `${name} has no description: say what it is to whoever never saw the code.`);
}

test('what is built is in the contract, with its names, types, nullability, arguments and defaults', () => {
  expect(differences(ours, contract)).toEqual([]);
});

test('every type, field, argument and enum value says what it is', () => {
  expect(undescribed(ours)).toEqual([]);
});

/** Replaces what must be there once. */
function planted(from: string, to: string): string {
  expect(ours.split(from)).toHaveLength(2);
  return ours.replace(from, to);
}

const addToContract = 'is not in the contract: add it to test/laws/contract.graphql.';

test.each([
  [
    'a new field',
    'type CreditBalance {',
    'type CreditBalance { "x" pinned: Int',
    `pinned of CreditBalance ${addToContract}`,
  ],
  ['a new query', 'type Query {', 'type Query { "x" pinned: Int', `pinned of Query ${addToContract}`],
  ['a new type', 'type Query {', 'type Planted { x: Int } type Query {', `Planted ${addToContract}`],
  ['a new value of an enum', 'enum Priority {', 'enum Priority { "x" URGENT', `URGENT of Priority ${addToContract}`],
  [
    'a new member of a union',
    'union RestoredItem = Task',
    'union RestoredItem = Task | Subtask',
    `Subtask of RestoredItem ${addToContract}`,
  ],
  [
    'a new argument',
    '  me: User!',
    '  me("x" fresh: Boolean! = true): User!',
    "Query.me is '(fresh: Boolean! = true): User!', and in the contract 'User!', which clients rely on.",
  ],
  [
    'another default',
    'count: Int! = 5',
    'count: Int! = 6',
    "TaskTemplate.nextOccurrences is '(count: Int! = 6): [DateTime!]!', and in the contract '(count: Int! = 5): [DateTime!]!', which clients rely on.",
  ],
  [
    'a value that is gone',
    'enum Priority {',
    'enum Priority { "x" LOW } enum Other {',
    'Priority.MEDIUM is in the contract and no longer in schema.graphql: bring it back, clients use it.',
  ],
  [
    'another kind of type',
    'union RestoredItem = Task',
    'type RestoredItem { x: Int }',
    'RestoredItem is another kind of type than in the contract.',
  ],
])('%s is found', (_, from, to, fault) => expect(differences(planted(from, to), contract)).toContain(fault));

test.each([
  ['a type', 'Planted'],
  ['a field', 'Planted.field'],
  ['an argument', 'Planted.field.arg'],
  ['a query', 'Query.planted'],
  ['a mutation', 'Mutation.planted'],
  ['a subscription', 'Subscription.planted'],
  ['an input field', 'PlantedInput.field'],
  ['an enum', 'PlantedEnum'],
  ['a value of an enum', 'PlantedEnum.VALUE'],
  ['a union', 'PlantedUnion'],
])('%s without description is found', (_, name) => {
  const silent = `
    type Planted { field(arg: Int): Int } union PlantedUnion = Planted enum PlantedEnum { VALUE }
    input PlantedInput { field: Int } extend type Query { planted: Int } extend type Mutation { planted: Int }
    extend type Subscription { planted: Int }`;
  expect(undescribed(ours + silent)).toContain(
    `${name} has no description: say what it is to whoever never saw the code.`,
  );
});
