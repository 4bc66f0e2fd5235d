import { Migration } from '@mikro-orm/migrations';

/** A reminder may fire for several times: what it has told so far is known by the time, too. */
export class Migration20261127030101_reminders_by_time extends Migration {
  override name = 'Migration20261127030101_reminders-by-time';

  override up(): void | Promise<void> {
    // Triggers that wait for the commit would keep tables from being altered, by the migrations that follow too.
    this.addSql('set constraints all immediate;');
    this.addSql(
      `update "notifications"."notification" n set key = n.key || ' ' || to_char(r.scheduled_for at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') from "tasks"."reminder" r where r.id = n.entity_id and n.entity_type = 'reminder' and n.key = 'reminder ' || r.id and r.scheduled_for is not null;`,
    );
  }
}
