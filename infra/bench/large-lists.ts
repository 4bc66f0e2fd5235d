import { holds } from '../../src/kernel/search.js';

/** One kind of list, to be read at two sizes of its table. */
export interface LargeList {
  readonly name: string;
  /** Those that are filled; the rows of the first are counted. */
  readonly tables: readonly [string, ...string[]];
  /** The most that an account may have, so that more rows are more accounts. */
  readonly rowsPerUser: number;
  readonly smallRows: number;
  readonly largeRows: number;
  /** Users whose rows are made at once, and lie mixed in the table, as they do when everybody works at the same time. */
  readonly usersPerInsert: number;
  /** Statements that make the rows of the accounts `$1`. */
  readonly inserts: readonly string[];
  readonly query: string;
  /** What is asked, as variables of the query, by a name. */
  readonly questions: Readonly<Record<string, object>>;
  /** Statements whose plans are shown, of the account `$1`. */
  readonly plans: readonly string[];
}

const accounts = 'unnest($1::uuid[]) as account (id)';

const taskFilters: Readonly<Record<string, object>> = {
  'no filter': {},
  completed: { completed: true },
  open: { completed: false },
  hidden: { hidden: true },
  archived: { archived: true },
  priority: { priority: ['HIGH', 'LOW'] },
  due: { dueFrom: '2026-01-01T00:00:00Z', dueBefore: '2026-02-01T00:00:00Z' },
  tags: { tags: ['work', 'home'] },
  search: { search: 'needle' },
  'search, not found': { search: 'nowhere to be found' },
};
const taskOrders = ['CREATED_AT', 'UPDATED_AT', 'DUE_DATE', 'PRIORITY', 'TITLE'];

/** 200 tasks a user, for every filter and order. */
const tasks: LargeList = {
  name: 'tasks',
  tables: ['tasks.task'],
  rowsPerUser: 200,
  smallRows: 10_000,
  largeRows: 10_000_000,
  usersPerInsert: 2_500,
  inserts: [
    `insert into tasks.task (id, account_id, title, description, priority, due_date, tags, estimated_minutes, completed,
       completed_at, completed_by, hidden, archived, created_at, updated_at)
     select gen_random_uuid(), account.id, 'Task ' || (n * 7919) % 200 || case when n % 50 = 3 then ' needle' else '' end,
       repeat('Some words of a description. ', 6), (array['LOW', 'MEDIUM', 'HIGH'])[1 + n % 3],
       timestamptz '2026-01-01' + n * interval '7 hours', (array['{work,home}', '{work}', '{}'])[1 + n % 3]::text[], 30,
       n % 2 = 0, case when n % 2 = 0 then now() end, case when n % 2 = 0 then 'MANUAL' end, n % 20 = 0, n % 25 = 0,
       now() - n * interval '1 hour', now() - (n * 31) % 200 * interval '1 hour'
     from generate_series(1, 200) as n, ${accounts}`,
  ],
  query: `query($filter: TaskFilter, $orderBy: TaskOrder) { tasks(first: 25, filter: $filter, orderBy: $orderBy) {
    totalCount nodes { id title dueDate priority tags completed version } } }`,
  // Each filter in the usual order, and each order, both ways, of everything.
  questions: {
    ...Object.fromEntries(Object.entries(taskFilters).map(([name, filter]) => [name, { filter }])),
    ...Object.fromEntries(
      taskOrders.flatMap((field) =>
        ['ASC', 'DESC'].map((direction) => [`by ${field} ${direction}`, { orderBy: { field, direction } }]),
      ),
    ),
  },
  plans: [
    `select id, title from tasks.task where account_id = $1 and not hidden and not archived
       and ${holds('(title || chr(31) || description)', "'needle'")} order by created_at desc, id desc limit 26`,
  ],
};

/** 50 notes a user, which is 25 and what achievements add to them, of 1,000 characters each. */
const notes: LargeList = {
  name: 'notes',
  tables: ['notes.note'],
  rowsPerUser: 50,
  smallRows: 10_000,
  largeRows: 1_000_000,
  usersPerInsert: 5_000,
  inserts: [
    `insert into notes.note (account_id, id, content, archived, created_at, updated_at)
     select account.id, gen_random_uuid(), 'Note ' || n || case when n % 10 = 3 then ' Needle' else '' end ||
       repeat(' Some words of a note that somebody has written down.', 18), n % 5 = 0, now() - n * interval '1 hour', now()
     from generate_series(1, 50) as n, ${accounts}`,
  ],
  query: `query($filter: NoteFilter) { notes(first: 25, filter: $filter) {
    totalCount nodes { id content archived createdAt } } }`,
  questions: {
    'no filter': {},
    archived: { filter: { archived: true } },
    search: { filter: { search: 'nEEdle' } },
    'search, not found': { filter: { search: 'nowhere to be found' } },
  },
  plans: [
    `select id, content from notes.note where account_id = $1 and archived = false
       and ${holds('content', "'needle'")} order by created_at desc, id desc limit 26`,
  ],
};

/** 10,000 conversations a user, of a question and an answer each, but for the newest, which has 1,000 messages. */
const conversations: LargeList = {
  name: 'conversations',
  tables: ['assistant.conversation', 'assistant.chat_message'],
  rowsPerUser: 10_000,
  smallRows: 10_000,
  largeRows: 1_000_000,
  usersPerInsert: 10,
  inserts: [
    `insert into assistant.conversation (account_id, id, title, created_at, updated_at)
     select account.id, md5(account.id::text || n)::uuid, 'How is this to be done, and when? ' || n ||
       case when n % 500 = 3 then ' Needle' else '' end, now() - n * interval '1 hour', now() - n * interval '1 hour'
     from generate_series(1, 10000) as n, ${accounts}`,
    `insert into assistant.chat_message (account_id, id, conversation_id, position, role, content, state, created_at)
     select account.id, gen_random_uuid(), md5(account.id::text || n)::uuid, position,
       case position % 2 when 0 then 'USER' else 'ASSISTANT' end, repeat('Some words of an answer. ', 12), 'COMPLETE', now()
     from generate_series(1, 10000) as n, generate_series(0, case n when 1 then 999 else 1 end) as position, ${accounts}`,
  ],
  query: `query($search: String, $first: Int, $last: Int! = 1) { conversations(first: $first, search: $search) {
    totalCount nodes { id title messages(last: $last) { totalCount nodes { id role content } } } } }`,
  questions: {
    'each with its last message': { first: 25 },
    'the newest with its last 100 messages': { first: 1, last: 100 },
    search: { first: 25, search: 'nEEdle' },
    'search, not found': { first: 25, search: 'nowhere to be found' },
  },
  plans: [
    `select id, title from assistant.conversation where account_id = $1
       and ${holds('title', "'needle'")} order by updated_at desc, id desc limit 26`,
    `select id, content from assistant.chat_message where account_id = $1 and superseded_by is null
       and conversation_id = md5($1::text || 1)::uuid order by position desc limit 101`,
  ],
};

/** All of them. */
export const largeLists: readonly LargeList[] = [tasks, notes, conversations];
