import { OperationTypeNode } from 'graphql';
import type { NamedOperation } from './operations.js';

const head = `import type { OperationVariables } from '@apollo/client';
import type { SkipToken } from '@apollo/client/react';
import { useLazyQuery, useMutation, useQuery, useSubscription, useSuspenseQuery } from '@apollo/client/react';
import * as sent from './graphql.js';

/** Answers come whole or not at all, so that their types hold. */
type Whole = { returnPartialData?: false };
type QueryOptions<Data, Variables extends OperationVariables> = SkipToken | (useQuery.Options<Data, Variables> & Whole);
type LazyOptions<Data, Variables extends OperationVariables> = useLazyQuery.Options<Data, Variables> & Whole;
type SuspenseOptions<Variables extends OperationVariables> = Omit<useSuspenseQuery.Options<Variables>, 'errorPolicy' | 'returnPartialData' | 'skip'>;
type SubscriptionOptions<Data, Variables extends OperationVariables> = SkipToken | useSubscription.Options<Data, Variables>;
`;

/** One line a hook, for Apollo Client 4: a query gets three, a mutation and a subscription one each. */
export function hooksOf(operations: readonly NamedOperation[]): string {
  return `${head}\n${operations.flatMap(hooksFor).join('\n')}\n`;
}

function hooksFor({ name, type, runsAlone }: NamedOperation): string[] {
  const maybe = runsAlone ? '?' : '';
  const hook = (prefix: string, options: string, use: string) =>
    `export const use${prefix}${name} = (${options}) => ${use}(sent.${name}Document, options);`;
  const types = (kind: string) => `<sent.${name}${kind}, sent.${name}${kind}Variables>`;
  switch (type) {
    case OperationTypeNode.QUERY:
      return [
        hook('', `options${maybe}: QueryOptions${types('Query')}`, 'useQuery'),
        hook('Lazy', `options?: LazyOptions${types('Query')}`, 'useLazyQuery'),
        hook('Suspense', `options${maybe}: SuspenseOptions<sent.${name}QueryVariables>`, 'useSuspenseQuery'),
      ];
    case OperationTypeNode.MUTATION:
      return [hook('', `options?: useMutation.Options${types('Mutation')}`, 'useMutation')];
    case OperationTypeNode.SUBSCRIPTION:
      return [hook('', `options${maybe}: SubscriptionOptions${types('Subscription')}`, 'useSubscription')];
  }
}
