import type { EntityManager } from '@mikro-orm/postgresql';
import {
  type CompiledQuery,
  type DatabaseConnection,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import type pg from 'pg';
import type { Orm } from './orm.js';
import type { RunStatement } from './rows.js';

/** One open transaction, on a connection of its own. */
export interface OpenTransaction {
  readonly runStatement: RunStatement;
  /** An entity manager in this transaction, which knows no entities yet. */
  newEntityManager(): EntityManager;
  /**
   * Commits once `last`, statements that were sent already, has succeeded; the commit is sent right behind them, which
   * spares a round trip. When one of them has failed, PostgreSQL has rolled back. @throws what the statements did
   */
  commit(last: Promise<unknown>): Promise<void>;
  rollback(): Promise<void>;
}

/** Opens a transaction. `begin` is sent at once, and not waited for: its first statement goes right behind it. */
export type OpenTransactions = () => Promise<OpenTransaction>;

/** Transactions on the connections of a pool, which must pipeline. */
export function transactionsOn(pool: pg.Pool, orm: Orm): OpenTransactions {
  return async () => open(await pool.connect(), orm);
}

function open(client: pg.PoolClient, orm: Orm): OpenTransaction {
  const run: RunStatement = async <Row extends object>(text: string, values: readonly unknown[]) => {
    const { rows } = await client.query<Row>(text, [...values]);
    return rows;
  };
  const begun = client.query('begin');
  // Whoever sends the first statement hears of it; unheard it would end the process.
  begun.catch(() => undefined);
  let isOver = false;
  const giveBack = (isBroken: boolean) => {
    if (isOver) return;
    isOver = true;
    client.release(isBroken);
  };
  let mapperConnection: Kysely<unknown> | null = null;
  return {
    // What was sent behind a `begin` that failed is not in the transaction.
    runStatement: async <Row extends object>(text: string, values: readonly unknown[]) => {
      const [rows] = await Promise.all([run<Row>(text, values), begun]);
      return rows;
    },
    newEntityManager: () => {
      mapperConnection ??= connectionOn(client);
      const em = orm.em.fork({ clear: true });
      em.setTransactionContext(mapperConnection);
      return em;
    },
    commit: async (last) => {
      const committed = client.query('commit');
      const [before, after] = await Promise.allSettled([last, committed]);
      if (before.status === 'rejected') throw before.reason;
      if (after.status === 'rejected') throw after.reason;
      // A statement had failed before, and whoever sent it went on.
      if (after.value.command === 'ROLLBACK') throw new Error('The transaction was rolled back.');
      giveBack(false);
    },
    rollback: async () => {
      try {
        await client.query('rollback');
        giveBack(false);
      } catch (error) {
        giveBack(true);
        throw error;
      }
    },
  };
}

/** A connection as the mapper knows them. */
function connectionOn(client: pg.PoolClient): Kysely<unknown> {
  return new Kysely({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new BorrowedConnection(client),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}

/** Begins, ends and gives back nothing: whoever opened the connection does. */
class BorrowedConnection extends DummyDriver {
  constructor(private readonly client: pg.PoolClient) {
    super();
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    return {
      executeQuery: async <Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> => {
        const { rows, rowCount } = await this.client.query(sql, [...parameters]);
        return { rows, numAffectedRows: BigInt(rowCount ?? 0) };
      },
      streamQuery: () => {
        throw new Error('Nothing is streamed.');
      },
    };
  }
}
