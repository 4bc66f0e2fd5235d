import {
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isObjectType,
} from 'graphql';

/** Where a page begins and how long it is: everything else makes another list. */
const paging = new Set(['first', 'after', 'last', 'before']);

/** What Apollo Client's `InMemoryCache` must know of the schema: unions, and which fields are lists of pages. */
export function cacheRules(schema: GraphQLSchema): string {
  const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
  const unions = types.filter(isAbstractType).map((type) => {
    const members = schema.getPossibleTypes(type).map(({ name }) => `'${name}'`);
    return `  ${type.name}: [${members.join(', ')}],\n`;
  });
  const policies = types.filter(isObjectType).flatMap((type) => policyOf(schema, type));
  return `import type { TypePolicies } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';

/** Which types a union stands for. */
export const possibleTypes = {
${unions.join('')}};

/** Pages of one list are joined; what has no id belongs to what it hangs on, and is merged there. */
export const typePolicies: TypePolicies = {
${policies.join('')}};
`;
}

function policyOf(schema: GraphQLSchema, type: GraphQLObjectType): string[] {
  const lists = Object.values(type.getFields()).flatMap(({ name, type: answer, args }) => {
    if (!getNamedType(answer).name.endsWith('Connection')) return [];
    const keys = args.filter((arg) => !paging.has(arg.name)).map((arg) => `'${arg.name}'`);
    return [`${name}: relayStylePagination(${keys.length > 0 ? `[${keys.join(', ')}]` : 'false'})`];
  });
  if (lists.length > 0) return [`  ${type.name}: { fields: { ${lists.join(', ')} } },\n`];
  const hangsOnSomething = 'id' in type.getFields() ? false : isPartOf(schema, type);
  return hangsOnSomething ? [`  ${type.name}: { merge: true },\n`] : [];
}

/** Whether something that is kept has one of it: not events, items of lists, or what a mutation answers. */
function isPartOf(schema: GraphQLSchema, type: GraphQLObjectType): boolean {
  if (/(Connection|PageInfo)$/.test(type.name)) return false;
  const passing = [schema.getMutationType(), schema.getSubscriptionType()];
  const owners = Object.values(schema.getTypeMap()).filter(
    (owner) => isObjectType(owner) && !passing.includes(owner) && !/(Edge|Payload)$/.test(owner.name),
  );
  return owners.some(
    (owner) =>
      isObjectType(owner) && Object.values(owner.getFields()).some((field) => getNullableType(field.type) === type),
  );
}
