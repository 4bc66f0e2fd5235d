import { type EntityClass, MikroORM, UnderscoreNamingStrategy } from '@mikro-orm/core';
import { ReflectMetadataProvider } from '@mikro-orm/decorators/legacy';
import { Migrator } from '@mikro-orm/migrations';
import { defineConfig, type PostgreSqlDriver } from '@mikro-orm/postgresql';
import type { Pool } from 'pg';
import { noteAnswers } from './answers.js';
import { releaseBrokenConnections } from './broken.js';
import { Driver } from './driver.js';
import { autoPrepare } from './prepared.js';
import { sqlMigrations } from './sql-migrations.js';

/** The object-relational mapper bound to PostgreSQL. */
export type Orm = MikroORM<PostgreSqlDriver>;

/** Where the database is and how much of it a process may take. */
export interface DatabaseOptions {
  readonly url: string;
  /** Connections at most. */
  readonly poolSize: number;
  /** Whether statements that come again are prepared; a pooler may have to do without. */
  readonly preparesStatements: boolean;
  /** The migrations to run; null for what runs none. */
  readonly migrationsFolder: string | null;
  /** Longest wait for one statement; null for as long as it takes. */
  readonly statementTimeoutMs: number | null;
}

const connectTimeoutMs = 5_000;

/** Opens the mapper without touching the database: the first statement connects. */
export function openOrm(entities: EntityClass<object>[], options: DatabaseOptions): Orm {
  return new MikroORM(
    defineConfig({
      driver: Driver,
      clientUrl: options.url,
      entities,
      metadataProvider: ReflectMetadataProvider,
      metadataCache: { enabled: false },
      namingStrategy: UnderscoreNamingStrategy,
      extensions: [Migrator],
      // Every operation forks its own manager; the global one is used for nothing.
      allowGlobalContext: false,
      forceUtcTimezone: true,
      pool: { min: 0, max: options.poolSize },
      driverOptions: {
        // The mapper takes host, port, user and name from the address, and drops what it says of TLS and sockets.
        connectionString: options.url,
        connectionTimeoutMillis: connectTimeoutMs,
        query_timeout: options.statementTimeoutMs ?? 0,
        keepAlive: true,
        // A statement need not wait for the answer to the one before, as `begin`.
        pipeline: true,
        onPoolCreated: (pool: Pool) => {
          if (options.preparesStatements) pool.on('connect', autoPrepare);
          pool.on('connect', releaseBrokenConnections);
          noteAnswers(pool);
        },
      },
      migrations: {
        migrationsList: options.migrationsFolder === null ? [] : sqlMigrations(options.migrationsFolder),
        tableName: 'schema_migration',
        transactional: true,
        allOrNothing: true,
        disableForeignKeys: false,
        snapshot: false,
        silent: true,
      },
      // Triggers and their functions stand in the migrations alone.
      schemaGenerator: {
        disableForeignKeys: false,
        ignoreSchema: ['pgboss', 'public', 'upkeep'],
        ignoreTriggers: true,
      },
      ignoreUndefinedInQuery: false,
    }),
  );
}
