import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { beforeMigration } from '../support/migrating.js';

test('answers of before there were runs keep their text, their state, and what is held for them', () =>
  beforeMigration('0010_llm', async (client, migrate) => {
    const [account, conversation, hold, question, complete, streaming, stopping] = Array.from({ length: 7 }, () =>
      randomUUID(),
    );
    await client.query(
      `insert into accounts.account (id, kind, plan, head, created_at) values ($1, 'PERSON', 'FREE', 0, now())`,
      [account],
    );
    await client.query(
      `insert into assistant.conversation (account_id, id, title, created_at, updated_at) values ($1, $2, 'x', now(), now())`,
      [account, conversation],
    );
    await client.query(
      `insert into billing.credit_hold (account_id, id, amount, state, key, reason, created_at)
       values ($1, $2, 1, 'HELD', 'chat', 'Chat message', now())`,
      [account, hold],
    );
    const add = (id: unknown, position: number, role: string, content: string, state: string, isLeased: boolean) =>
      client.query(
        `insert into assistant.chat_message (account_id, id, conversation_id, position, role, content, state, hold_id,
           lease_owner, lease_until, created_at)
         values ($1, $2::uuid, $3, $4, $5, $6, $7, case when $8 then $9::uuid end, case when $8 then $2::uuid end,
           case when $8 then timestamptz '2030-01-01' end, timestamptz '2029-12-31')`,
        [account, id, conversation, position, role, content, state, isLeased, hold],
      );
    const long = `${'many words '.repeat(2_900)}🦊`;
    await add(question, 0, 'USER', 'What?', 'COMPLETE', false);
    await add(complete, 1, 'ASSISTANT', 'That.', 'COMPLETE', false);
    await add(streaming, 2, 'ASSISTANT', long, 'STREAMING', true);
    await add(stopping, 3, 'ASSISTANT', '', 'STOPPED', true);

    await migrate();

    const { rows: messages } = await client.query(
      `select run_id as run, state, content, coalesce(content, llm.text_of_run(account_id, run_id)) as text
       from assistant.chat_message order by position`,
    );
    expect(messages).toEqual([
      { run: null, state: 'COMPLETE', content: 'What?', text: 'What?' },
      { run: complete, state: 'COMPLETE', content: 'That.', text: 'That.' },
      { run: streaming, state: 'STREAMING', content: null, text: long },
      { run: stopping, state: 'STOPPED', content: null, text: '' },
    ]);
    const { rows: runs } = await client.query(
      `select run.id, run.state, hold_id as hold, lease_owner as owner,
         lease_until = timestamptz '2030-01-01' as leased, ended_at = run.created_at as ended
       from llm.run join assistant.chat_message on run_id = run.id order by position`,
    );
    expect(runs).toEqual([
      { id: complete, state: 'COMPLETE', hold: null, owner: null, leased: null, ended: true },
      { id: streaming, state: 'RUNNING', hold, owner: streaming, leased: true, ended: null },
      { id: stopping, state: 'STOPPED', hold, owner: stopping, leased: true, ended: null },
    ]);
  }));
