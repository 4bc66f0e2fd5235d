import type { Client as SocketClient } from 'graphql-ws';
import { useState } from 'react';
import {
  Client,
  cacheExchange,
  type Exchange,
  fetchExchange,
  Provider,
  subscriptionExchange,
  useMutation,
  useQuery,
  useSubscription,
} from 'urql';
import {
  ChatStreamDocument,
  CreateTaskDocument,
  DeleteTaskDocument,
  FollowChangesDocument,
  SendChatMessageDocument,
  TasksDocument,
} from '../../generated/graphql.js';
import { type Answer, readOn } from './reading.js';

/** urql 5 as an app sets it up: it sends queries by GET. `before` comes before HTTP. */
export function urqlClient(
  url: string,
  accessToken: () => string,
  socket: SocketClient,
  before: readonly Exchange[] = [],
): Client {
  return new Client({
    url: `${url}/graphql`,
    fetchOptions: () => ({ headers: { authorization: `Bearer ${accessToken()}` } }),
    exchanges: [
      cacheExchange,
      ...before,
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query, variables }) => ({
          subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query: query ?? '', variables }, sink) }),
        }),
      }),
    ],
  });
}

export function UrqlApp({ client, after }: { readonly client: Client; readonly after: string }) {
  return (
    <Provider value={client}>
      <TaskList />
      <Chat />
      <Changes after={after} />
    </Provider>
  );
}

/** What has joined or left a list, for the cache: its answer does not say so where no list has a task, or it has none. */
const joined = { additionalTypenames: ['TaskConnection'] };
const left = { additionalTypenames: ['Task'] };

function TaskList() {
  const [pages, setPages] = useState<readonly (string | null)[]>([null]);
  const [, createTask] = useMutation(CreateTaskDocument);
  return (
    <section>
      {pages.map((after) => (
        <TaskPage
          key={after}
          after={after}
          showMore={(next) => setPages([...pages, next])}
          isLast={after === pages.at(-1)}
        />
      ))}
      <button type="button" id="create" onClick={() => void createTask({ input: { title: 'Made here' } }, joined)}>
        Create
      </button>
    </section>
  );
}

interface TaskPageProps {
  readonly after: string | null;
  readonly isLast: boolean;
  showMore(after: string): void;
}

function TaskPage({ after, isLast, showMore }: TaskPageProps) {
  const [{ data, error }] = useQuery({
    query: TasksDocument,
    variables: { first: 2, after, orderBy: { field: 'CREATED_AT' } },
  });
  const { edges, pageInfo, totalCount } = data?.tasks ?? { edges: [], pageInfo: null, totalCount: 0 };
  const [, deleteTask] = useMutation(DeleteTaskDocument);
  const next = pageInfo?.hasNextPage ? pageInfo.endCursor : null;
  return (
    <div>
      <output id="error">{error?.message}</output>
      {after === null && <output id="total">{totalCount}</output>}
      <ul>
        {edges.map(({ node }) => (
          <li key={node.id} className="task">
            {node.title}
          </li>
        ))}
      </ul>
      {edges.slice(0, 1).map(({ node: { id, version } }) => (
        <button
          key={id}
          type="button"
          className="delete"
          onClick={() => void deleteTask({ input: { id, version } }, left)}
        >
          Delete
        </button>
      ))}
      {isLast && next && (
        <button type="button" id="more" onClick={() => showMore(next)}>
          More
        </button>
      )}
    </div>
  );
}

function Chat() {
  const [{ data }, ask] = useMutation(SendChatMessageDocument);
  const messageId = data?.sendChatMessage.answer.id;
  return (
    <section>
      <button type="button" id="ask" onClick={() => void ask({ input: { content: 'Where do I start?' } })}>
        Ask
      </button>
      {messageId && <Reading messageId={messageId} />}
    </section>
  );
}

const unread: Answer = { text: '', state: 'STREAMING' };

function Reading({ messageId }: { readonly messageId: string }) {
  const [{ data }] = useSubscription(
    { query: ChatStreamDocument, variables: { messageId } },
    (before: Answer | undefined, { chatStream }): Answer => readOn(before ?? unread, chatStream),
  );
  const answer = data ?? unread;
  return (
    <p>
      <output id="answer">{answer.text}</output> <output id="state">{answer.state}</output>
    </p>
  );
}

type Seen = Readonly<Record<string, string>>;

function Changes({ after }: { readonly after: string }) {
  const [{ data }] = useSubscription(
    { query: FollowChangesDocument, variables: { after } },
    (before: Seen | undefined, { changes }): Seen => ({ ...before, [changes.cursor]: changes.node.type }),
  );
  return (
    <ol>
      {Object.entries(data ?? {}).map(([cursor, type]) => (
        <li key={cursor} className="change">
          {type}
        </li>
      ))}
    </ol>
  );
}
