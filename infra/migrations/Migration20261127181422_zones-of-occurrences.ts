import { Migration } from '@mikro-orm/migrations';

export class Migration20261127181422_zones_of_occurrences extends Migration {
  override name = 'Migration20261127181422_zones-of-occurrences';

  override up(): void | Promise<void> {
    this.addSql(`alter table "tasks"."occurrence" add "time_zone" text null;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "tasks"."occurrence" drop column "time_zone";`);
  }
}
