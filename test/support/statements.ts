import pg from 'pg';

/** What begins, ends or only announces. Whatever else is sent reads or writes, however it begins. */
const isControl = /^\s*(begin|start transaction|commit|rollback|savepoint|release|set|listen|unlisten|discard)\b/i;
/** A hint to other processes, sent behind the request and together with others' hints. */
const isHint = /\bpg_notify\b/;
/** What the process asks every few seconds for all requests together: which sessions live, what time it is. */
const isUpkeep = /^\s*(select 1 from auth\.session|with ended as|select \(extract\(epoch from clock_timestamp)/i;
/** What the queue does for itself; jobs that are sent count. */
const isQueues = /^(?![\s\S]*insert into \S*job)[\s\S]*\bpgboss\./i;
/** What processes tell each other of limits that they share. */
const isShared = /\bplatform\.(api_process|rate_limit|socket_count)\b/;

/** What a test file's process sends to PostgreSQL. */
export interface Statements {
  /** The texts that read or write, in their order, which are sent while `work` runs. */
  during(work: () => Promise<unknown>): Promise<string[]>;
}

/**
 * Listens to every connection of this process. A connection takes over its `query` when it is opened: call this where
 * the file is loaded, before anything connects.
 */
export function listenToStatements(): Statements {
  const texts: string[] = [];
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = new Proxy(query, {
    apply: (target, client, args: unknown[]) => {
      const text = textOf(args[0]);
      if (![isControl, isHint, isUpkeep, isQueues, isShared].some((each) => each.test(text))) texts.push(text);
      return Reflect.apply(target, client, args);
    },
  });
  return {
    during: async (work) => {
      const before = texts.length;
      await work();
      return texts.slice(before);
    },
  };
}

function textOf(config: unknown): string {
  return typeof config === 'object' && config !== null && 'text' in config ? String(config.text) : String(config);
}
