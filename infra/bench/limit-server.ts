import { randomUUID } from 'node:crypto';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import pg from 'pg';
import { type WebSocket, WebSocketServer } from 'ws';
import { readConfig } from '../../src/config.js';
import { AccessTokens } from '../../src/platform/access-tokens.js';
import { systemClock } from '../../src/platform/clock.js';
import { complete, type LoggedEvent } from './limit-complete.js';
import { receive } from './limit-upload.js';
import { storeEvent } from './limit-webhook.js';

/**
 * The physical limit: the same work without a product around it. One statement to JSON text for the read, one
 * hand-written transaction for the write, hand-made frames for the stream; the same verification of the token.
 */
const config = readConfig(process.env, ['start']);
const pool = new pg.Pool({ connectionString: config.DATABASE_URL, max: config.DATABASE_POOL_SIZE });
const { JWT_SIGNING_KEY: signingKey, JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = config;
const tokens = await AccessTokens.create(
  { signingKey, otherKey: null, issuer, audience, lifetimeSeconds: 3_600 },
  systemClock,
);

const readText = `select json_build_object('data', json_build_object('tasks', json_build_object(
  'totalCount', (select count(*) from tasks.task where account_id = $1 and not hidden and not archived),
  'nodes', (select json_agg(node) from (
    select id, title, description, priority, due_date as "dueDate", tags, estimated_minutes as "estimatedMinutes",
      focus_seconds as "focusSeconds", completed, completed_at as "completedAt", completed_by as "completedBy", hidden,
      archived, version, created_at as "createdAt", updated_at as "updatedAt",
      (select json_agg(json_build_object('id', id, 'title', title, 'completed', completed, 'order', position) order by position)
       from tasks.subtask where account_id = $1 and task_id = task.id) as subtasks
    from tasks.task where account_id = $1 and not hidden and not archived order by created_at desc, id desc limit 25) node)
)))::text as body`;

async function userOf({ headers }: IncomingMessage): Promise<string> {
  return (await tokens.verify((headers.authorization ?? '').slice(7))).id;
}

async function read(userId: string): Promise<string> {
  const { rows } = await pool.query<{ body: string }>({ name: 'read', text: readText, values: [userId] });
  return rows[0]?.body ?? '{}';
}

interface WriteBody {
  readonly variables: {
    readonly input: { readonly title: string; readonly subtasks: readonly { readonly title: string }[] };
  };
}

async function write(userId: string, { variables: { input } }: WriteBody): Promise<string> {
  const [taskId, now] = [randomUUID(), new Date()];
  const subtasks = input.subtasks.map(({ title }, order) => ({ id: randomUUID(), title, order }));
  await inAccount(userId, now, async (client) => {
    await client.query({
      name: 'task',
      text: `insert into tasks.task (id, account_id, title, description, priority, tags, created_at, updated_at)
        values ($1, $2, $3, '', 'MEDIUM', '{}', $4, $4)`,
      values: [taskId, userId, input.title, now],
    });
    await client.query({
      name: 'subtasks',
      text: `insert into tasks.subtask (id, account_id, task_id, title, position, source, created_at)
        select id, $1, $2, title, "order", 'USER', $4 from jsonb_to_recordset($3::jsonb) as s(id uuid, title text, "order" int)`,
      values: [userId, taskId, JSON.stringify(subtasks), now],
    });
    return [{ type: 'task.created', entityType: 'task', entityId: taskId }];
  });
  return JSON.stringify({ data: { createTask: { task: { id: taskId, version: 1, subtasks } } } });
}

const writeAtOnceText = `with locked as (
    select id, head from accounts.account where id = $1 for no key update
  ), task as (
    insert into tasks.task (account_id, id, title, description, priority, tags, created_at, updated_at)
    select id, $2, $3, '', 'MEDIUM', '{}', $5, $5 from locked returning account_id, id
  ), subtask as (
    insert into tasks.subtask (account_id, id, task_id, title, position, source, created_at)
    select task.account_id, s.id, task.id, title, "order", 'USER', $5
    from task, jsonb_to_recordset($4::jsonb) as s(id uuid, title text, "order" int)
  ), head as (
    update accounts.account set head = locked.head + 1 from locked where account.id = locked.id
  )
  insert into activity.event (account_id, number, at, type, source, entity_type, entity_id, metadata, request_id)
  select locked.id, locked.head + 1, $5, 'task.created', 'USER', 'task', task.id, '{}', 'bench' from locked, task`;

/** Lock, rows and event in one statement. */
async function writeAtOnce(userId: string, { variables: { input } }: WriteBody): Promise<string> {
  const [taskId, now] = [randomUUID(), new Date()];
  const subtasks = input.subtasks.map(({ title }, order) => ({ id: randomUUID(), title, order }));
  const values = [userId, taskId, input.title, JSON.stringify(subtasks), now];
  await pool.query({ name: 'write-at-once', text: writeAtOnceText, values });
  return JSON.stringify({ data: { createTask: { task: { id: taskId, version: 1, subtasks } } } });
}

/** Runs `work` in a transaction that holds the account's lock; writes the events that it answers. */
async function inAccount(
  userId: string,
  now: Date,
  work: (client: pg.PoolClient, head: number) => Promise<readonly LoggedEvent[]>,
): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const lock = {
      name: 'lock',
      text: 'select head from accounts.account where id = $1 for no key update',
      values: [userId],
    };
    const { rows } = await client.query<{ head: string }>(lock);
    const head = Number(rows[0]?.head);
    const events = await work(client, head);
    await client.query({
      name: 'events',
      text: `with head as (update accounts.account set head = $2::bigint + $3 where id = $1)
        insert into activity.event (account_id, number, at, type, source, entity_type, entity_id, metadata, request_id)
        select $1, $2::bigint + place, $5, type, 'USER', "entityType", "entityId", '{}', 'bench'
        from rows from (jsonb_to_recordset($4::jsonb) as (type text, "entityType" text, "entityId" uuid))
          with ordinality as event (type, "entityType", "entityId", place)`,
      values: [userId, head, events.length, JSON.stringify(events), now],
    });
    await client.query('commit');
  } finally {
    client.release();
  }
}

/** The limit of each kind of request, by its path. */
const limits: Readonly<Record<string, (userId: string, text: string) => Promise<string>>> = {
  '/read': (userId) => read(userId),
  '/write': (userId, text) => write(userId, JSON.parse(text)),
  '/write-at-once': (userId, text) => writeAtOnce(userId, JSON.parse(text)),
  '/complete': (userId, text) => complete(inAccount, userId, JSON.parse(text)),
};

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === 'PUT') return void response.end(await receive(request, config.FILES_FOLDER ?? ''));
  if (request.url === '/webhook') {
    const status = await storeEvent(pool, config.CHECKOUT_WEBHOOK_SECRET, request);
    return void response.writeHead(status, { 'content-type': 'application/json', 'content-length': 2 }).end('{}');
  }
  let text = '';
  for await (const chunk of request) text += String(chunk);
  const userId = await userOf(request);
  const limit = limits[request.url ?? ''];
  if (!limit) throw new Error('There is no such limit.');
  const body = await limit(userId, text);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body);
}

/** Reads the provider's stream as text and sends a frame a token. */
function stream(socket: WebSocket, id: string): void {
  const upstream = httpRequest(
    `${config.OPENAI_BASE_URL}/chat/completions`,
    { method: 'POST', headers: { authorization: 'Bearer bench', 'content-type': 'application/json' } },
    (response) => {
      let rest = '';
      let position = 0;
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          if (!line.startsWith('data: {')) continue;
          const { choices }: { choices: { delta: { content?: string } }[] } = JSON.parse(line.slice(6));
          const token = choices[0]?.delta.content;
          if (!token) continue;
          position += token.length;
          const delta = `{"__typename":"ChatDelta","position":${position},"text":${JSON.stringify(token)}}`;
          socket.send(`{"id":"${id}","type":"next","payload":{"data":{"chatStream":${delta}}}}`);
        }
      });
      response.on('end', () => socket.send(`{"id":"${id}","type":"complete"}`));
    },
  );
  upstream.end(JSON.stringify({ model: 'bench', stream: true, messages: [{ role: 'user', content: 'bench' }] }));
}

const server = createServer((request, response) => {
  respond(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
});
new WebSocketServer({ server }).on('connection', (socket) => {
  socket.on('message', (data) => stream(socket, String(data)));
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}` }));
});
