import { Migration } from '@mikro-orm/migrations';

/** Notifications, the browsers that take pushes, and which push has ended. */
export class Migration20261121100000_notifications extends Migration {
  override name = 'Migration20261121100000_notifications';

  override up(): void | Promise<void> {
    this.addSql(`create schema if not exists "notifications";`);
    this.addSql(
      `create table "notifications"."push_subscription" ("id" uuid not null, "user_id" uuid not null, "endpoint" text not null, "p256dh" text not null, "auth" text not null, "registered_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "notifications"."push_subscription" add constraint "push_subscription_endpoint_unique" unique ("endpoint");`,
    );
    this.addSql(
      `create index "push_subscription_user_id_registered_at_index" on "notifications"."push_subscription" ("user_id", "registered_at");`,
    );

    this.addSql(
      `create table "notifications"."notification" ("id" uuid not null, "user_id" uuid not null, "number" bigint not null, "key" text not null, "type" text not null, "title" text not null, "body" text not null, "action_url" text null, "entity_type" text not null, "entity_id" uuid not null, "read_at" timestamptz(3) null, "created_at" timestamptz(3) not null, primary key ("id"));`,
    );
    this.addSql(
      `create index "notification_unread_index" on "notifications"."notification" ("user_id", "number") where read_at is null;`,
    );
    this.addSql(
      `alter table "notifications"."notification" add constraint "notification_user_id_number_unique" unique ("user_id", "number");`,
    );
    this.addSql(
      `alter table "notifications"."notification" add constraint "notification_user_id_key_unique" unique ("user_id", "key");`,
    );

    this.addSql(
      `create table "notifications"."push_delivery" ("notification_id" uuid not null, "push_subscription_id" uuid not null, "outcome" text not null, "at" timestamptz(3) not null, primary key ("notification_id", "push_subscription_id"));`,
    );
    this.addSql(
      `create index "push_delivery_push_subscription_id_index" on "notifications"."push_delivery" ("push_subscription_id");`,
    );

    this.addSql(
      `alter table "notifications"."push_subscription" add constraint "push_subscription_user_id_foreign" foreign key ("user_id") references "auth"."user" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "notifications"."push_subscription" add constraint "push_subscription_endpoint_secure" check (starts_with(endpoint, 'https://'));`,
    );
    this.addSql(
      `alter table "notifications"."push_subscription" add constraint "push_subscription_endpoint_length" check (char_length(endpoint) <= 2000);`,
    );

    this.addSql(
      `alter table "notifications"."notification" add constraint "notification_user_id_foreign" foreign key ("user_id") references "auth"."user" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "notifications"."notification" add constraint "notification_key_length" check (char_length(key) >= 1 and char_length(key) <= 200);`,
    );
    this.addSql(
      `alter table "notifications"."notification" add constraint "notification_action_url_length" check (char_length(action_url) <= 500);`,
    );
    this.addSql(
      `alter table "notifications"."notification" add constraint "notification_body_length" check (char_length(body) <= 500);`,
    );
    this.addSql(
      `alter table "notifications"."notification" add constraint "notification_title_length" check (char_length(title) >= 1 and char_length(title) <= 200);`,
    );
    this.addSql(
      `alter table "notifications"."notification" add constraint "notification_number_positive" check (number > 0);`,
    );
    this.addSql(
      `alter table "notifications"."notification" add constraint "notification_type_check" check ("type" in ('ACHIEVEMENT', 'REMINDER', 'TASK_COMPLETED', 'SUBSCRIPTION', 'SYSTEM'));`,
    );

    this.addSql(
      `alter table "notifications"."push_delivery" add constraint "push_delivery_notification_id_foreign" foreign key ("notification_id") references "notifications"."notification" ("id") on update cascade on delete cascade;`,
    );
    this.addSql(
      `alter table "notifications"."push_delivery" add constraint "push_delivery_push_subscription_id_foreign" foreign key ("push_subscription_id") references "notifications"."push_subscription" ("id") on update cascade on delete cascade;`,
    );
    this.addSql(
      `alter table "notifications"."push_delivery" add constraint "push_delivery_outcome_check" check ("outcome" in ('SENT', 'FAILED'));`,
    );
  }
}
