import type { RunStatement, SessionStore } from '../kernel/context.js';

/** Sessions that one statement reads. */
const pageSize = 1_000;
/** A transaction that ends a session commits within this time of saying when it ended. */
const overlap = '2 minutes';

/** What the table says of sessions, for everybody who asks on whose behalf a token speaks. */
export function sessionStore(runStatement: RunStatement): SessionStore {
  return {
    ownerOf: async (sessionId) => {
      const [row] = await runStatement<{ userId: string }>(
        'select user_id as "userId" from auth.session where id = $1 and ended_at is null',
        [sessionId],
      );
      return row?.userId ?? null;
    },
    readEnded: async (since) => {
      const ids: string[] = [];
      let through: string | null = null;
      let after: EndedPage['last'] | undefined;
      do {
        const [page]: EndedPage[] = await runStatement(endedAfter, [since, after?.at, after?.id]);
        if (!page) throw new Error('A statement without rows.');
        through ??= page.now;
        after = page.ids.length === pageSize ? page.last : undefined;
        ids.push(...page.ids);
      } while (after);
      return { ids, through };
    },
  };
}

interface EndedPage {
  readonly now: string;
  readonly ids: readonly string[];
  readonly last: { readonly at: string; readonly id: string } | null;
}

const endedAfter = `
  with ended as (
    select id, ended_at from auth.session
    where ended_at > coalesce($1::timestamptz, now()) - interval '${overlap}'
      and (ended_at, id) > (coalesce($2::timestamptz, '-infinity'), coalesce($3::uuid, '00000000-0000-0000-0000-000000000000'))
    order by ended_at, id limit ${pageSize})
  select now()::text as now, array(select id::text from ended order by ended_at, id) as ids,
    (select jsonb_build_object('at', ended_at, 'id', id) from ended order by ended_at desc, id desc limit 1) as last`;
