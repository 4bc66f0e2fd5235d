import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { ApolloProvider } from '@apollo/client/react';
import { OperationTypeNode } from 'graphql';
import type { Client } from 'graphql-ws';
import { useState } from 'react';
import { possibleTypes, typePolicies } from '../../generated/cache.js';
import {
  useAddSubtask,
  useChatStream,
  useCreateTask,
  useFollowChanges,
  useSendChatMessage,
  useTasks,
} from '../../generated/hooks.js';
import { type Answer, readOn } from './reading.js';

/** Apollo Client 4 as an app sets it up; `before` comes before HTTP. */
export function apolloClient(
  url: string,
  accessToken: () => string,
  socket: Client,
  before: readonly ApolloLink[] = [],
): ApolloClient {
  const authorize = new SetContextLink(({ headers }) => ({
    headers: { ...headers, authorization: `Bearer ${accessToken()}` },
  }));
  const http = ApolloLink.from([authorize, ...before, new HttpLink({ uri: `${url}/graphql` })]);
  return new ApolloClient({
    link: ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      new GraphQLWsLink(socket),
      http,
    ),
    cache: new InMemoryCache({ possibleTypes, typePolicies }),
  });
}

export function ApolloApp({ client, after }: { readonly client: ApolloClient; readonly after: string }) {
  return (
    <ApolloProvider client={client}>
      <TaskList />
      <Chat />
      <Changes after={after} />
    </ApolloProvider>
  );
}

function TaskList() {
  const { data, error, fetchMore, refetch } = useTasks({ variables: { first: 2, orderBy: { field: 'CREATED_AT' } } });
  const [createTask] = useCreateTask();
  const [addSubtask] = useAddSubtask();
  const { edges, pageInfo, totalCount } = data?.tasks ?? { edges: [], pageInfo: null, totalCount: 0 };
  const first = edges[0]?.node;
  const create = async () => {
    await createTask({ variables: { input: { title: 'Made here' } } });
    await refetch();
  };
  const divide = (taskId: string) => addSubtask({ variables: { input: { taskId, title: 'A step' } } });
  return (
    <section>
      <output id="error">{error?.message}</output>
      <output id="total">{totalCount}</output>
      <ul>
        {edges.map(({ node }) => (
          <li key={node.id} className="task">
            {[node.title, ...node.subtasks.map(({ title }) => title)].join(': ')}
          </li>
        ))}
      </ul>
      {pageInfo?.hasNextPage && (
        <button type="button" id="more" onClick={() => void fetchMore({ variables: { after: pageInfo.endCursor } })}>
          More
        </button>
      )}
      {first && (
        <button type="button" id="divide" onClick={() => void divide(first.id)}>
          Divide
        </button>
      )}
      <button type="button" id="create" onClick={() => void create()}>
        Create
      </button>
    </section>
  );
}

function Chat() {
  const [ask, { data }] = useSendChatMessage();
  const messageId = data?.sendChatMessage.answer.id;
  const content = 'Where do I start?';
  return (
    <section>
      <button type="button" id="ask" onClick={() => void ask({ variables: { input: { content } } })}>
        Ask
      </button>
      {messageId && <Reading messageId={messageId} />}
    </section>
  );
}

function Reading({ messageId }: { readonly messageId: string }) {
  const [answer, setAnswer] = useState<Answer>({ text: '', state: 'STREAMING' });
  useChatStream({
    variables: { messageId },
    onData: ({ data: { data } }) => data && setAnswer((before) => readOn(before, data.chatStream)),
  });
  return (
    <p>
      <output id="answer">{answer.text}</output> <output id="state">{answer.state}</output>
    </p>
  );
}

function Changes({ after }: { readonly after: string }) {
  const [seen, setSeen] = useState<Readonly<Record<string, string>>>({});
  useFollowChanges({
    variables: { after },
    onData: ({ data: { data } }) =>
      data && setSeen((before) => ({ ...before, [data.changes.cursor]: data.changes.node.type })),
  });
  return (
    <ol>
      {Object.entries(seen).map(([cursor, type]) => (
        <li key={cursor} className="change">
          {type}
        </li>
      ))}
    </ol>
  );
}
