import { Migration } from '@mikro-orm/migrations';

/** Identity, tasks, the event log, credits and the assistant. */
export class Migration20261121000000_spine extends Migration {
  override name = 'Migration20261121000000_spine';

  override up(): void | Promise<void> {
    this.addSql(`create schema if not exists "activity";`);
    this.addSql(`create schema if not exists "auth";`);
    this.addSql(`create schema if not exists "tasks";`);
    this.addSql(`create schema if not exists "assistant";`);
    this.addSql(`create schema if not exists "billing";`);
    this.addSql(
      `create table "activity"."event" ("user_id" uuid not null, "number" bigint not null, "at" timestamptz(3) not null, "type" text not null, "source" text not null, "entity_type" text not null, "entity_id" uuid not null, "metadata" jsonb not null, "request_id" text not null, primary key ("user_id", "number", "at")) partition by range ("at");`,
    );
    this.addSql(`create table "activity"."event_default" partition of "activity"."event" default;`);

    this.addSql(
      `create table "auth"."user" ("id" uuid not null, "google_subject" text not null, "email" text not null, "name" text not null, "avatar_url" text null, "time_zone" text not null default 'UTC', "preferences" jsonb not null default '{}', "tier" text not null default 'FREE', "session_epoch" int not null default 0, "created_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(`alter table "auth"."user" add constraint "user_google_subject_unique" unique ("google_subject");`);

    this.addSql(
      `create table "tasks"."task" ("id" uuid not null, "user_id" uuid not null, "title" text not null, "description" text not null, "priority" text not null, "due_date" timestamptz(3) null, "tags" text[] not null, "estimated_minutes" int null, "focus_seconds" int not null default 0, "completed" boolean not null default false, "completed_at" timestamptz(3) null, "completed_by" text null, "hidden" boolean not null default false, "archived" boolean not null default false, "version" int not null default 1, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(`create index "task_user_id_created_at_id_index" on "tasks"."task" ("user_id", "created_at", "id");`);

    this.addSql(
      `create table "assistant"."task_request_count" ("session_id" uuid not null, "task_id" uuid not null, "count" int not null, primary key ("session_id", "task_id"));`,
    );
    this.addSql(`create index "task_request_count_task_id_index" on "assistant"."task_request_count" ("task_id");`);

    this.addSql(
      `create table "tasks"."subtask" ("id" uuid not null, "user_id" uuid not null, "task_id" uuid not null, "title" text not null, "completed" boolean not null default false, "completed_at" timestamptz(3) null, "position" int not null, "estimated_minutes" int null, "source" text not null, "created_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "tasks"."subtask" add constraint "subtask_task_id_position_unique" unique ("task_id", "position") deferrable initially deferred;`,
    );

    this.addSql(
      `create table "activity"."stream" ("user_id" uuid not null, "head" bigint not null default '0', primary key ("user_id"));`,
    );

    this.addSql(
      `create table "auth"."refresh_token" ("id" uuid not null, "user_id" uuid not null, "family_id" uuid not null, "token_hash" text not null, "created_at" timestamptz(3) not null, "expires_at" timestamptz(3) not null, "spent_at" timestamptz(3) null, "revoked_at" timestamptz(3) null, primary key ("id"));`,
    );
    this.addSql(`create index "refresh_token_user_id_index" on "auth"."refresh_token" ("user_id");`);
    this.addSql(`create index "refresh_token_family_id_index" on "auth"."refresh_token" ("family_id");`);
    this.addSql(
      `alter table "auth"."refresh_token" add constraint "refresh_token_token_hash_unique" unique ("token_hash");`,
    );
    this.addSql(`create index "refresh_token_expires_at_index" on "auth"."refresh_token" ("expires_at");`);

    this.addSql(
      `create table "activity"."idempotency_key" ("user_id" uuid not null, "key" text not null, "request_hash" text not null, "response" text null, "expires_at" timestamptz(3) not null, primary key ("user_id", "key"));`,
    );
    this.addSql(`create index "idempotency_key_expires_at_index" on "activity"."idempotency_key" ("expires_at");`);

    this.addSql(
      `create table "billing"."credit_hold" ("id" uuid not null, "user_id" uuid not null, "amount" int not null, "state" text not null, "key" text not null, "reason" text not null, "created_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "billing"."credit_hold" add constraint "credit_hold_user_id_key_unique" unique ("user_id", "key");`,
    );

    this.addSql(
      `create table "billing"."credit_hold_part" ("hold_id" uuid not null, "bucket" text not null, "amount" int not null, "expires_at" timestamptz(3) null, primary key ("hold_id", "bucket"));`,
    );

    this.addSql(
      `create table "billing"."credit_entry" ("id" uuid not null, "number" bigserial, "user_id" uuid not null, "kind" text not null, "bucket" text not null, "amount" int not null, "balance_after" int not null, "reason" text not null, "key" text not null, "hold_id" uuid null, "created_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(`create index "credit_entry_user_id_number_index" on "billing"."credit_entry" ("user_id", "number");`);
    this.addSql(
      `alter table "billing"."credit_entry" add constraint "credit_entry_user_id_key_unique" unique ("user_id", "key");`,
    );

    this.addSql(
      `create table "billing"."credit_bucket" ("user_id" uuid not null, "bucket" text not null, "balance" int not null default 0, "expires_at" timestamptz(3) null, primary key ("user_id", "bucket"));`,
    );

    this.addSql(
      `create table "assistant"."conversation" ("id" uuid not null, "user_id" uuid not null, "title" text not null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(
      `create index "conversation_user_id_updated_at_id_index" on "assistant"."conversation" ("user_id", "updated_at", "id");`,
    );

    this.addSql(
      `create table "assistant"."chat_message" ("id" uuid not null, "conversation_id" uuid not null, "user_id" uuid not null, "position" int not null, "role" text not null, "content" text not null, "state" text not null, "task_id" uuid null, "error" text null, "hold_id" uuid null, "lease_owner" uuid null, "lease_until" timestamptz(3) null, "created_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(`create index "chat_message_task_id_index" on "assistant"."chat_message" ("task_id");`);
    this.addSql(
      `create index "chat_message_leased" on "assistant"."chat_message" ("lease_until") where lease_until is not null;`,
    );
    this.addSql(
      `alter table "assistant"."chat_message" add constraint "chat_message_conversation_id_position_unique" unique ("conversation_id", "position");`,
    );

    this.addSql(`alter table "activity"."event" add constraint "event_number_positive" check (number > 0);`);
    this.addSql(
      `alter table "activity"."event" add constraint "event_source_check" check ("source" in ('USER', 'AI', 'SYSTEM'));`,
    );

    this.addSql(
      `alter table "auth"."user" add constraint "user_name_length" check (char_length(name) >= 1 and char_length(name) <= 100);`,
    );
    this.addSql(`alter table "auth"."user" add constraint "user_tier_check" check ("tier" in ('FREE', 'PRO'));`);

    this.addSql(
      `alter table "tasks"."task" add constraint "task_user_id_foreign" foreign key ("user_id") references "auth"."user" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "tasks"."task" add constraint "task_completion_whole" check (completed = (completed_at is not null) and completed = (completed_by is not null));`,
    );
    this.addSql(`alter table "tasks"."task" add constraint "task_version_positive" check (version >= 1);`);
    this.addSql(`alter table "tasks"."task" add constraint "task_tags_count" check (cardinality(tags) <= 20);`);
    this.addSql(`alter table "tasks"."task" add constraint "task_focus_positive" check (focus_seconds >= 0);`);
    this.addSql(
      `alter table "tasks"."task" add constraint "task_estimate_range" check (estimated_minutes >= 1 and estimated_minutes <= 720);`,
    );
    this.addSql(
      `alter table "tasks"."task" add constraint "task_description_length" check (char_length(description) <= 2000);`,
    );
    this.addSql(
      `alter table "tasks"."task" add constraint "task_title_length" check (char_length(title) >= 1 and char_length(title) <= 200);`,
    );
    this.addSql(
      `alter table "tasks"."task" add constraint "task_priority_check" check ("priority" in ('LOW', 'MEDIUM', 'HIGH'));`,
    );
    this.addSql(
      `alter table "tasks"."task" add constraint "task_completed_by_check" check ("completed_by" in ('MANUAL', 'AUTO', 'FORCE'));`,
    );

    this.addSql(
      `alter table "assistant"."task_request_count" add constraint "task_request_count_task_id_foreign" foreign key ("task_id") references "tasks"."task" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "assistant"."task_request_count" add constraint "task_request_count_positive" check (count > 0);`,
    );

    this.addSql(
      `alter table "tasks"."subtask" add constraint "subtask_user_id_foreign" foreign key ("user_id") references "auth"."user" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "tasks"."subtask" add constraint "subtask_task_id_foreign" foreign key ("task_id") references "tasks"."task" ("id") on delete cascade;`,
    );
    this.addSql(`alter table "tasks"."subtask" add constraint "subtask_position_positive" check (position >= 0);`);
    this.addSql(
      `alter table "tasks"."subtask" add constraint "subtask_estimate_range" check (estimated_minutes >= 1 and estimated_minutes <= 720);`,
    );
    this.addSql(
      `alter table "tasks"."subtask" add constraint "subtask_title_length" check (char_length(title) >= 1 and char_length(title) <= 75);`,
    );
    this.addSql(
      `alter table "tasks"."subtask" add constraint "subtask_completion_whole" check (completed = (completed_at is not null));`,
    );
    this.addSql(
      `alter table "tasks"."subtask" add constraint "subtask_source_check" check ("source" in ('USER', 'AI', 'SYSTEM'));`,
    );

    this.addSql(
      `alter table "activity"."stream" add constraint "stream_user_id_foreign" foreign key ("user_id") references "auth"."user" ("id") on update cascade on delete cascade;`,
    );
    this.addSql(`alter table "activity"."stream" add constraint "stream_head_positive" check (head >= 0);`);

    this.addSql(
      `alter table "auth"."refresh_token" add constraint "refresh_token_user_id_foreign" foreign key ("user_id") references "auth"."user" ("id") on delete cascade;`,
    );

    this.addSql(
      `alter table "activity"."idempotency_key" add constraint "idempotency_key_user_id_foreign" foreign key ("user_id") references "auth"."user" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "activity"."idempotency_key" add constraint "idempotency_key_length" check (char_length(key) >= 1 and char_length(key) <= 255);`,
    );

    this.addSql(
      `alter table "billing"."credit_hold" add constraint "credit_hold_user_id_foreign" foreign key ("user_id") references "auth"."user" ("id") on delete cascade;`,
    );
    this.addSql(`alter table "billing"."credit_hold" add constraint "credit_hold_amount_positive" check (amount > 0);`);
    this.addSql(
      `alter table "billing"."credit_hold" add constraint "credit_hold_state_check" check ("state" in ('HELD', 'SETTLED', 'RELEASED'));`,
    );

    this.addSql(
      `alter table "billing"."credit_hold_part" add constraint "credit_hold_part_hold_id_foreign" foreign key ("hold_id") references "billing"."credit_hold" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "billing"."credit_hold_part" add constraint "credit_hold_part_amount_positive" check (amount > 0);`,
    );
    this.addSql(
      `alter table "billing"."credit_hold_part" add constraint "credit_hold_part_bucket_known" check (bucket in ('DAILY', 'SUBSCRIPTION', 'PURCHASED', 'KICKSTART'));`,
    );

    this.addSql(
      `alter table "billing"."credit_entry" add constraint "credit_entry_user_id_foreign" foreign key ("user_id") references "auth"."user" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "billing"."credit_entry" add constraint "credit_entry_hold_id_foreign" foreign key ("hold_id") references "billing"."credit_hold" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "billing"."credit_entry" add constraint "credit_entry_sign" check (case kind when 'GRANT' then amount > 0 when 'RELEASE' then amount > 0 when 'HOLD' then amount < 0 when 'SPEND' then amount < 0 when 'EXPIRE' then amount < 0 else amount <> 0 end);`,
    );
    this.addSql(
      `alter table "billing"."credit_entry" add constraint "credit_entry_balance_never_negative" check (balance_after >= 0);`,
    );
    this.addSql(
      `alter table "billing"."credit_entry" add constraint "credit_entry_kind_check" check ("kind" in ('GRANT', 'HOLD', 'RELEASE', 'SPEND', 'REFUND', 'EXPIRE', 'CARRY_OVER', 'ADJUST'));`,
    );
    this.addSql(
      `alter table "billing"."credit_entry" add constraint "credit_entry_bucket_check" check ("bucket" in ('DAILY', 'SUBSCRIPTION', 'PURCHASED', 'KICKSTART'));`,
    );
    this.addSql(
      `create or replace function "billing"."credit_entry_credit_entry_append_only_fn"() returns trigger as $$ begin raise exception 'The credit ledger is append-only.'; end; $$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "credit_entry_append_only" BEFORE UPDATE OR DELETE on "billing"."credit_entry" for each ROW execute function "billing"."credit_entry_credit_entry_append_only_fn"();`,
    );
    this.addSql(
      `create or replace function "billing"."credit_entry_credit_entry_moves_balance_fn"() returns trigger as $$ begin insert into billing.credit_bucket (user_id, bucket) values (new.user_id, new.bucket) on conflict do nothing; update billing.credit_bucket set balance = balance + new.amount where user_id = new.user_id and bucket = new.bucket returning balance into new.balance_after; return new; end; $$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "credit_entry_moves_balance" BEFORE INSERT on "billing"."credit_entry" for each ROW execute function "billing"."credit_entry_credit_entry_moves_balance_fn"();`,
    );

    this.addSql(
      `alter table "billing"."credit_bucket" add constraint "credit_bucket_user_id_foreign" foreign key ("user_id") references "auth"."user" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "billing"."credit_bucket" add constraint "credit_bucket_known" check (bucket in ('DAILY', 'SUBSCRIPTION', 'PURCHASED', 'KICKSTART'));`,
    );
    this.addSql(
      `alter table "billing"."credit_bucket" add constraint "credit_bucket_never_negative" check (balance >= 0);`,
    );

    this.addSql(
      `alter table "assistant"."conversation" add constraint "conversation_user_id_foreign" foreign key ("user_id") references "auth"."user" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "assistant"."conversation" add constraint "conversation_title_length" check (char_length(title) >= 1 and char_length(title) <= 200);`,
    );

    this.addSql(
      `alter table "assistant"."chat_message" add constraint "chat_message_conversation_id_foreign" foreign key ("conversation_id") references "assistant"."conversation" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "assistant"."chat_message" add constraint "chat_message_user_id_foreign" foreign key ("user_id") references "auth"."user" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "assistant"."chat_message" add constraint "chat_message_task_id_foreign" foreign key ("task_id") references "tasks"."task" ("id") on delete set null;`,
    );
    this.addSql(
      `alter table "assistant"."chat_message" add constraint "chat_message_hold_id_foreign" foreign key ("hold_id") references "billing"."credit_hold" ("id") on delete set null;`,
    );
    this.addSql(
      `alter table "assistant"."chat_message" add constraint "chat_message_position_positive" check (position >= 0);`,
    );
    this.addSql(
      `alter table "assistant"."chat_message" add constraint "chat_message_streaming_is_leased" check (state <> 'STREAMING' or lease_until is not null);`,
    );
    this.addSql(
      `alter table "assistant"."chat_message" add constraint "chat_message_role_check" check ("role" in ('USER', 'ASSISTANT'));`,
    );
    this.addSql(
      `alter table "assistant"."chat_message" add constraint "chat_message_state_check" check ("state" in ('STREAMING', 'COMPLETE', 'STOPPED', 'FAILED'));`,
    );
  }
}
