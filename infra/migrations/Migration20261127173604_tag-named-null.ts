import { Migration } from '@mikro-orm/migrations';

export class Migration20261127173604_tag_named_null extends Migration {
  override name = 'Migration20261127173604_tag-named-null';

  override up(): void | Promise<void> {
    this.addSql('set constraints all immediate;');
    // The mapper wrote a tag with this name as none.
    for (const table of ['task_template', 'task']) {
      this.addSql(
        `update tasks.${table} set tags = array_replace(tags, null, 'null') where array_position(tags, null) is not null`,
      );
    }
    this.addSql(`alter table "tasks"."task_template" drop constraint "task_template_tags_length";`);
    this.addSql(
      `alter table "tasks"."task_template" add constraint "task_template_tags_length" check (array_position(tags, '') is null and array_position(tags, null) is null and array_to_string(tags, chr(10)) !~ '[^\\n]{31}');`,
    );

    this.addSql(`alter table "tasks"."task" drop constraint "task_tags_length";`);
    this.addSql(
      `alter table "tasks"."task" add constraint "task_tags_length" check (array_position(tags, '') is null and array_position(tags, null) is null and array_to_string(tags, chr(10)) !~ '[^\\n]{31}');`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "tasks"."task" drop constraint "task_tags_length";`);
    this.addSql(
      `alter table "tasks"."task" add constraint "task_tags_length" check ((array_position(tags, ''::text) IS NULL) AND (array_to_string(tags, chr(10)) !~ '[^\\n]{31}'::text));`,
    );

    this.addSql(`alter table "tasks"."task_template" drop constraint "task_template_tags_length";`);
    this.addSql(
      `alter table "tasks"."task_template" add constraint "task_template_tags_length" check ((array_position(tags, ''::text) IS NULL) AND (array_to_string(tags, chr(10)) !~ '[^\\n]{31}'::text));`,
    );
  }
}
