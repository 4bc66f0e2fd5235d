import type { Orm } from '../../src/platform/database/orm.js';

/** A table as PostgreSQL knows it. */
export interface Table {
  readonly schema: string;
  readonly name: string;
  /** How it is partitioned, such as `RANGE (at)`; null when it is not. */
  readonly partitionedBy: string | null;
  readonly columns: readonly Column[];
  readonly constraints: readonly Constraint[];
  /** Those that stand behind no constraint. */
  readonly indexes: readonly { readonly name: string; readonly definition: string }[];
  /** Names of its triggers. */
  readonly triggers: readonly string[];
}

/** A column: its SQL type, and its default as SQL. */
interface Column {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly default: string | null;
}

/** A key or a check. */
export interface Constraint {
  readonly name: string;
  readonly kind: 'primary' | 'unique' | 'foreign' | 'check';
  readonly columns: readonly string[];
  /** As SQL. */
  readonly definition: string;
  /** The table that a foreign key leads to, as `schema.table`. */
  readonly references: string | null;
}

/** Every table of a domain as the database describes it, by schema and name. Partitions, the queue's tables and the mapper's are left out. */
export function readTables(orm: Orm): Promise<Table[]> {
  return orm.em.fork().execute<Table[]>(
    `select n.nspname as schema, t.relname as name, pg_get_partkeydef(t.oid) as "partitionedBy",
       (select json_agg(json_build_object('name', attname, 'type', format_type(atttypid, atttypmod), 'nullable', not attnotnull,
          'default', pg_get_expr(adbin, adrelid)) order by attnum)
        from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
        where attrelid = t.oid and attnum > 0 and not attisdropped) as columns,
       (select coalesce(json_agg(json_build_object('name', conname, 'definition', pg_get_constraintdef(oid, true),
          'kind', case contype when 'p' then 'primary' when 'u' then 'unique' when 'f' then 'foreign' else 'check' end,
          'columns', (select json_agg(attname order by place) from unnest(conkey) with ordinality as key (number, place)
             join pg_attribute on attrelid = conrelid and attnum = key.number),
          'references', (select r.relnamespace::regnamespace || '.' || r.relname from pg_class r where r.oid = confrelid)
          ) order by position(contype in 'pufc'), conname), '[]')
        from pg_constraint where conrelid = t.oid and contype in ('p', 'u', 'f', 'c')) as constraints,
       (select coalesce(json_agg(json_build_object('name', i.relname, 'definition', pg_get_indexdef(i.oid)) order by i.relname), '[]')
        from pg_index join pg_class i on i.oid = indexrelid
        where indrelid = t.oid and not exists (select from pg_constraint where conindid = i.oid)) as indexes,
       (select coalesce(json_agg(tgname order by tgname), '[]') from pg_trigger where tgrelid = t.oid and not tgisinternal) as triggers
     from pg_class t join pg_namespace n on n.oid = t.relnamespace
     where t.relkind in ('r', 'p') and not t.relispartition and n.nspname !~ '^pg_'
       and n.nspname not in ('information_schema', 'pgboss', 'public')
     order by 1, 2`,
  );
}
