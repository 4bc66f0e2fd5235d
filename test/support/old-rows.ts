import { randomUUID } from 'node:crypto';
import type pg from 'pg';

/** Rows as an older version wrote them: only columns that were there before any migration that a test goes through. */
export class OldAccount {
  readonly id = randomUUID();
  #lines = 0;

  private constructor(private readonly client: pg.Client) {}

  /** Of somebody who signs in with the account's id as Google's subject, and has the five credits that everybody begins with. */
  static async insert(client: pg.Client, plan: 'FREE' | 'PRO'): Promise<OldAccount> {
    const account = new OldAccount(client);
    await client.query(
      `with account as (
         insert into accounts.account (id, kind, plan, created_at) values ($1::uuid, 'PERSON', $2, now() - interval '20 days')
       )
       insert into auth.user (id, google_subject, email, name, created_at)
       values ($1::uuid, $1::text, $1::text || '@example.com', 'Ada', now() - interval '20 days')`,
      [account.id, plan],
    );
    await account.book('GRANT', 'KICKSTART', 5, { daysAgo: 20 });
    return account;
  }

  /** Appends a line to the ledger. */
  async book(
    kind: string,
    bucket: string,
    amount: number,
    { daysAgo = 0, holdId = null }: { readonly daysAgo?: number; readonly holdId?: string | null } = {},
  ): Promise<void> {
    this.#lines += 1;
    await this.client.query(
      `insert into billing.credit_entry (account_id, id, kind, bucket, amount, reason, key, hold_id, created_at)
       values ($1, $2, $3, $4, $5, 'test', $6, $7, now() - $8 * interval '1 day')`,
      [this.id, randomUUID(), kind, bucket, amount, `line:${this.#lines}`, holdId, daysAgo],
    );
  }

  /** Holds credits of one bucket, and answers the hold's id. */
  async hold(bucket: string, amount: number, daysAgo: number): Promise<string> {
    const holdId = randomUUID();
    await this.client.query(
      `with hold as (
         insert into billing.credit_hold (account_id, id, amount, state, key, reason, created_at)
         values ($1, $2::uuid, $3, 'HELD', $2::text, 'test', now() - $5 * interval '1 day')
       )
       insert into billing.credit_hold_part (account_id, hold_id, bucket, amount) values ($1, $2::uuid, $4, $3)`,
      [this.id, holdId, amount, bucket, daysAgo],
    );
    await this.book('HOLD', bucket, -amount, { daysAgo, holdId });
    return holdId;
  }

  /** Ends a hold of one bucket: all of it is paid, or none. */
  async settle(holdId: string, bucket: string, amount: number, isPaid: boolean): Promise<void> {
    await this.client.query('update billing.credit_hold set state = $3 where account_id = $1 and id = $2', [
      this.id,
      holdId,
      isPaid ? 'SETTLED' : 'RELEASED',
    ]);
    await this.book('RELEASE', bucket, amount, { holdId });
    if (isPaid) await this.book('SPEND', bucket, -amount, { holdId });
  }

  /** A conversation with one question and its answer, whose run is still going on where its text is in pieces. */
  async converse(
    holdId: string,
    state: 'COMPLETE' | 'FAILED' | 'STREAMING',
    text: string,
  ): Promise<{ readonly conversationId: string; readonly answerId: string }> {
    const [conversationId, answerId, runId] = [randomUUID(), randomUUID(), randomUUID()];
    const isOpen = state === 'STREAMING';
    await this.client.query('begin');
    await this.client.query(
      `insert into assistant.conversation (account_id, id, title, created_at, updated_at) values ($1, $2, 'Old', now(), now())`,
      [this.id, conversationId],
    );
    await this.client.query(
      `insert into llm.run (account_id, id, purpose, model, state, hold_id, lease_owner, lease_until, created_at, ended_at)
       values ($1, $2::uuid, 'CHAT', 'old', $3, $4, case when $5 then $2::uuid end, case when $5 then now() end, now(),
         case when not $5::boolean then now() end)`,
      [this.id, runId, isOpen ? 'RUNNING' : state, holdId, isOpen],
    );
    await this.client.query(
      `insert into assistant.chat_message (account_id, id, conversation_id, author_id, position, role, content, state, run_id, created_at)
       values ($1, $2, $3, $1, 0, 'USER', 'What?', 'COMPLETE', null, now()),
         ($1, $4, $3, null, 1, 'ASSISTANT', $5, $6, $7, now())`,
      [this.id, randomUUID(), conversationId, answerId, isOpen ? null : text, state, runId],
    );
    if (isOpen)
      await this.client.query(
        'insert into llm.piece (account_id, run_id, position, reversed_text) values ($1, $2, 0, reverse($3))',
        [this.id, runId, text],
      );
    await this.client.query('commit');
    return { conversationId, answerId };
  }
}
