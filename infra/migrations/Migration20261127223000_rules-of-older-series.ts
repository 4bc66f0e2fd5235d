import { Migration } from '@mikro-orm/migrations';

/**
 * Occurrences got the number of the rule that made them when all were numbered 1, whichever rule it was. A template that
 * leaves out days of earlier rules has had another one: it is on its second, and with it the occurrences from its
 * beginning on that are on none of these days.
 */
export class Migration20261127223000_rules_of_older_series extends Migration {
  override name = 'Migration20261127223000_rules-of-older-series';

  override up(): void | Promise<void> {
    this.addSql('set constraints all immediate;');
    this.addSql(
      `with known as materialized (select name from pg_timezone_names), older as (select template.id, starts_at, taken_days, coalesce(known.name, 'UTC') as zone from tasks.task_template as template left join known on known.name = time_zone where rule_number = 1 and taken_days <> '{}') update tasks.occurrence set rule_number = 2 from older where older.id = template_id and (local_time = starts_at or (local_time > starts_at and to_char(due_date at time zone zone, 'YYYY-MM-DD') <> all (taken_days)));`,
    );
    this.addSql(`update tasks.task_template set rule_number = 2 where rule_number = 1 and taken_days <> '{}';`);
  }

  override down(): void | Promise<void> {
    // Which were numbered here is not known any more, and the numbers do no harm.
  }
}
