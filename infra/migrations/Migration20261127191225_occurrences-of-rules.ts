import { Migration } from '@mikro-orm/migrations';

export class Migration20261127191225_occurrences_of_rules extends Migration {
  override name = 'Migration20261127191225_occurrences-of-rules';

  override up(): void | Promise<void> {
    this.addSql('set constraints all immediate;');
    this.addSql(`alter table "tasks"."task_template" add "rule_number" int not null default 1;`);
    // A task stands for one occurrence: the latest, where it was noted with several.
    this.addSql(
      `delete from tasks.occurrence using tasks.occurrence as later where later.template_id = occurrence.template_id and later.task_id = occurrence.task_id and later.local_time > occurrence.local_time;`,
    );

    this.addSql(`drop index "tasks"."occurrence_task_id_index";`);
    this.addSql(`alter table "tasks"."occurrence" drop constraint "occurrence_pkey";`);
    this.addSql(
      `alter table "tasks"."occurrence" add "rule_number" int not null default 1, add "due_date" timestamptz(3);`,
    );
    this.addSql(
      `with known as materialized (select name from pg_timezone_names), made as (select template_id, local_time, coalesce(known.name, 'UTC') as zone from tasks.occurrence as made join tasks.task_template as template on template.id = template_id left join known on known.name = coalesce(made.time_zone, template.time_zone)) update tasks.occurrence set due_date = occurrence.local_time::timestamp at time zone made.zone from made where made.template_id = occurrence.template_id and made.local_time = occurrence.local_time;`,
    );
    this.addSql(
      `alter table "tasks"."occurrence" alter column "rule_number" drop default, alter column "due_date" set not null, drop column "time_zone";`,
    );
    this.addSql(
      `alter table "tasks"."occurrence" add constraint "occurrence_template_id_task_id_unique" unique ("template_id", "task_id");`,
    );
    this.addSql(`alter table "tasks"."occurrence" add primary key ("template_id", "local_time", "rule_number");`);
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "tasks"."occurrence" drop constraint "occurrence_template_id_task_id_unique";`);
    this.addSql(`alter table "tasks"."occurrence" drop constraint "occurrence_pkey";`);
    // Without its number only what the present rule made can be told apart.
    this.addSql(
      `delete from tasks.occurrence using tasks.task_template as template where template.id = template_id and template.rule_number <> occurrence.rule_number;`,
    );
    this.addSql(`alter table "tasks"."occurrence" drop column "rule_number", drop column "due_date";`);
    this.addSql(`alter table "tasks"."occurrence" add "time_zone" text null;`);
    this.addSql(`create index "occurrence_task_id_index" on "tasks"."occurrence" ("task_id");`);
    this.addSql(`alter table "tasks"."occurrence" add primary key ("template_id", "local_time");`);

    this.addSql(`alter table "tasks"."task_template" drop column "rule_number";`);
  }
}
