import { Migration } from '@mikro-orm/migrations';

/** How a push ended is known also when its browser is registered no more; texts are composed. */
export class Migration20261121160121_outcomes extends Migration {
  override name = 'Migration20261121160121_outcomes';

  override up(): void | Promise<void> {
    this.addSql(
      `alter table "notifications"."push_delivery" drop constraint "push_delivery_push_subscription_id_foreign";`,
    );
    this.addSql(`alter table "notifications"."push_delivery" drop constraint "push_delivery_notification_id_foreign";`);

    this.addSql(`drop index "notifications"."push_delivery_push_subscription_id_index";`);
    this.addSql(
      `alter table "notifications"."push_delivery" add constraint "push_delivery_notification_id_foreign" foreign key ("notification_id") references "notifications"."notification" ("id") on delete cascade;`,
    );

    // What is written from now on is composed (NFC): what is there must be found by it.
    this.addSql(
      `update tasks.task set title = normalize(title), description = normalize(description), tags = array(select normalize(tag) from unnest(tags) with ordinality as each (tag, place) order by place) where title is not nfc normalized or description is not nfc normalized or array_to_string(tags, ',') is not nfc normalized;`,
    );
    this.addSql(
      `update tasks.task_template set title = normalize(title), description = normalize(description), tags = array(select normalize(tag) from unnest(tags) with ordinality as each (tag, place) order by place) where title is not nfc normalized or description is not nfc normalized or array_to_string(tags, ',') is not nfc normalized;`,
    );
    this.addSql(`update tasks.subtask set title = normalize(title) where title is not nfc normalized;`);
  }
}
