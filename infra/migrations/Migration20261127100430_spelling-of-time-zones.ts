import { Migration } from '@mikro-orm/migrations';

/** Time zones that were kept as they were typed get the spelling of the IANA database; none gets another name. */
export class Migration20261127100430_spelling_of_time_zones extends Migration {
  override name = 'Migration20261127100430_spelling-of-time-zones';

  override up(): void | Promise<void> {
    this.addSql('set constraints all immediate;');
    for (const table of ['auth."user"', 'tasks.task_template']) {
      this.addSql(
        `update ${table} t set time_zone = z.name from pg_timezone_names z where lower(z.name) = lower(t.time_zone) and z.name <> t.time_zone;`,
      );
    }
  }
}
