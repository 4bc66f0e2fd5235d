import type { WriteEvents } from '../kernel/unit-of-work.js';

/** One statement for all events of a transaction; the account's row is moved on by the same one, which spares a round trip. */
export const writeEvents: WriteEvents = async (runStatement, { accountId, head, events, requestId }) => {
  await runStatement(
    `with head as (update accounts.account set head = $2 where id = $1)
     insert into activity.event
       (account_id, number, at, type, version, actor_id, source, entity_type, entity_id, metadata, request_id)
     select $1, number, at, type, version, "actorId", source, "entityType", "entityId", metadata, $4
     from jsonb_to_recordset($3::jsonb) as event (number bigint, at timestamptz, type text, version smallint, "actorId" uuid, source text,
       "entityType" text, "entityId" uuid, metadata jsonb)`,
    [accountId, head, JSON.stringify(events), requestId],
  );
};
