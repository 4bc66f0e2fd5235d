create schema tasks;

create table tasks.task_template (
  id uuid not null,
  user_id uuid not null,
  title text not null,
  description text not null,
  priority text not null,
  estimated_minutes integer,
  tags text[] not null,
  rule text not null,
  time_zone text not null,
  starts_at text not null,
  active boolean not null default true,
  retry_at timestamptz(3),
  failures integer not null default 0,
  created_at timestamptz(3) not null,
  newest_task_id uuid,
  taken_days text[] not null default '{}',
  rule_number integer not null default 1,
  primary key (id),
  constraint task_template_user_id_foreign foreign key (user_id) references auth."user" (id) on delete cascade,
  constraint task_template_description_length check (char_length(description) <= 2000),
  constraint task_template_estimate_range check (estimated_minutes >= 1 and estimated_minutes <= 720),
  constraint task_template_failures_positive check (failures >= 0),
  constraint task_template_priority_check check (priority = any (array['LOW', 'MEDIUM', 'HIGH'])),
  constraint task_template_rule_length check (char_length(rule) >= 1 and char_length(rule) <= 1000),
  constraint task_template_tags_count check (cardinality(tags) <= 20),
  constraint task_template_tags_length check (array_position(tags, '') is null and array_position(tags, null) is null and array_to_string(tags, chr(10)) !~ '[^\n]{31}'),
  constraint task_template_title_length check (char_length(btrim(title)) >= 1 and char_length(title) <= 200)
);
create index task_template_to_retry on tasks.task_template (retry_at) where retry_at is not null;
create index task_template_user_id_created_at_id_index on tasks.task_template (user_id, created_at, id);

create table tasks.task (
  id uuid not null,
  user_id uuid not null,
  title text not null,
  description text not null,
  priority text not null,
  due_date timestamptz(3),
  tags text[] not null,
  estimated_minutes integer,
  focus_seconds integer not null default 0,
  completed boolean not null default false,
  completed_at timestamptz(3),
  completed_by text,
  hidden boolean not null default false,
  archived boolean not null default false,
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  template_id uuid,
  primary key (id),
  constraint task_template_id_foreign foreign key (template_id) references tasks.task_template (id) on delete set null,
  constraint task_user_id_foreign foreign key (user_id) references auth."user" (id) on delete cascade,
  constraint task_completed_by_check check (completed_by = any (array['MANUAL', 'AUTO', 'FORCE'])),
  constraint task_completion_whole check (completed = (completed_at is not null) and completed = (completed_by is not null)),
  constraint task_description_length check (char_length(description) <= 2000),
  constraint task_estimate_range check (estimated_minutes >= 1 and estimated_minutes <= 720),
  constraint task_focus_positive check (focus_seconds >= 0),
  constraint task_priority_check check (priority = any (array['LOW', 'MEDIUM', 'HIGH'])),
  constraint task_tags_count check (cardinality(tags) <= 20),
  constraint task_tags_length check (array_position(tags, '') is null and array_position(tags, null) is null and array_to_string(tags, chr(10)) !~ '[^\n]{31}'),
  constraint task_title_length check (char_length(btrim(title)) >= 1 and char_length(title) <= 200),
  constraint task_version_positive check (version >= 1)
);
create index task_template_id_index on tasks.task (template_id);
create index task_user_id_created_at_id_index on tasks.task (user_id, created_at, id);

create function tasks.task_task_completed_wholly_fn() returns trigger language plpgsql as $$
begin if new.completed and exists (select from tasks.task where id = new.id and completed) and (exists (select from tasks.subtask where task_id = new.id and not completed) or exists (select from tasks.reminder where task_id = new.id and state = 'SCHEDULED')) then raise exception 'A completed task has an open subtask or a reminder to come.' using errcode = 'check_violation'; end if; return null; end;
$$;
CREATE CONSTRAINT TRIGGER task_completed_wholly AFTER INSERT OR UPDATE ON tasks.task DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tasks.task_task_completed_wholly_fn();

create function tasks.task_task_of_own_template_fn() returns trigger language plpgsql as $$
begin if tg_op = 'UPDATE' and new.template_id is not distinct from old.template_id and new.user_id = old.user_id then return null; end if; if exists (select from tasks.task_template p where p.id = new.template_id and p.user_id <> new.user_id) then raise exception 'tasks.task hangs on another account''s tasks.task_template.' using errcode = 'foreign_key_violation'; end if; return null; end;
$$;
CREATE TRIGGER task_of_own_template AFTER INSERT OR UPDATE ON tasks.task FOR EACH ROW EXECUTE FUNCTION tasks.task_task_of_own_template_fn();

create table tasks.focus_session (
  id uuid not null,
  user_id uuid not null,
  task_id uuid not null,
  started_at timestamptz(3) not null,
  ended_at timestamptz(3),
  primary key (id),
  constraint focus_session_task_id_foreign foreign key (task_id) references tasks.task (id) on delete cascade,
  constraint focus_session_user_id_foreign foreign key (user_id) references auth."user" (id) on delete cascade,
  constraint focus_session_at_most_12_hours check (ended_at <= (started_at + '12:00:00'::interval)),
  constraint focus_session_forwards check (ended_at >= started_at)
);
create index focus_session_running_since on tasks.focus_session (started_at) where ended_at is null;
create unique index focus_session_running_unique on tasks.focus_session (user_id) where ended_at is null;
create index focus_session_task_id_index on tasks.focus_session (task_id);
create index focus_session_user_id_index on tasks.focus_session (user_id);

create function tasks.focus_session_focus_session_of_own_task_fn() returns trigger language plpgsql as $$
begin if tg_op = 'UPDATE' and new.task_id is not distinct from old.task_id and new.user_id = old.user_id then return null; end if; if exists (select from tasks.task p where p.id = new.task_id and p.user_id <> new.user_id) then raise exception 'tasks.focus_session hangs on another account''s tasks.task.' using errcode = 'foreign_key_violation'; end if; return null; end;
$$;
CREATE TRIGGER focus_session_of_own_task AFTER INSERT OR UPDATE ON tasks.focus_session FOR EACH ROW EXECUTE FUNCTION tasks.focus_session_focus_session_of_own_task_fn();

create table tasks.occurrence (
  template_id uuid not null,
  local_time text not null,
  task_id uuid not null,
  rule_number integer not null,
  due_date timestamptz(3) not null,
  primary key (template_id, local_time, rule_number),
  constraint occurrence_template_id_task_id_unique unique (template_id, task_id),
  constraint occurrence_template_id_foreign foreign key (template_id) references tasks.task_template (id) on delete cascade,
  constraint occurrence_local_time_form check (local_time ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$')
);

create table tasks.reminder (
  id uuid not null,
  user_id uuid not null,
  task_id uuid not null,
  type text not null,
  offset_minutes integer,
  method text not null,
  scheduled_for timestamptz(3),
  state text not null,
  created_at timestamptz(3) not null,
  template_reminder_id uuid,
  primary key (id),
  constraint reminder_task_id_foreign foreign key (task_id) references tasks.task (id) on delete cascade,
  constraint reminder_user_id_foreign foreign key (user_id) references auth."user" (id) on delete cascade,
  constraint reminder_method_check check (method = any (array['PUSH', 'IN_APP'])),
  constraint reminder_offset_of_relative check ((type = 'ABSOLUTE') = (offset_minutes is null)),
  constraint reminder_offset_range check (offset_minutes >= 0 and offset_minutes <= 43200),
  constraint reminder_scheduled_has_time check (state <> 'SCHEDULED' or scheduled_for is not null),
  constraint reminder_state_check check (state = any (array['SCHEDULED', 'SENT', 'FAILED', 'CANCELLED'])),
  constraint reminder_type_check check (type = any (array['BEFORE', 'AFTER', 'ABSOLUTE']))
);
create index reminder_due on tasks.reminder (scheduled_for, user_id) where state = 'SCHEDULED';
create index reminder_due_of_user on tasks.reminder (user_id, scheduled_for) where state = 'SCHEDULED';
create index reminder_task_id_index on tasks.reminder (task_id);

create function tasks.reminder_reminder_of_open_task_fn() returns trigger language plpgsql as $$
begin if new.state = 'SCHEDULED' and exists (select from tasks.reminder r join tasks.task t on t.id = r.task_id where r.id = new.id and r.state = 'SCHEDULED' and t.completed) then raise exception 'A completed task has a reminder to come.' using errcode = 'check_violation'; end if; return null; end;
$$;
CREATE CONSTRAINT TRIGGER reminder_of_open_task AFTER INSERT OR UPDATE ON tasks.reminder DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tasks.reminder_reminder_of_open_task_fn();

create function tasks.reminder_reminder_of_own_task_fn() returns trigger language plpgsql as $$
begin if tg_op = 'UPDATE' and new.task_id is not distinct from old.task_id and new.user_id = old.user_id then return null; end if; if exists (select from tasks.task p where p.id = new.task_id and p.user_id <> new.user_id) then raise exception 'tasks.reminder hangs on another account''s tasks.task.' using errcode = 'foreign_key_violation'; end if; return null; end;
$$;
CREATE TRIGGER reminder_of_own_task AFTER INSERT OR UPDATE ON tasks.reminder FOR EACH ROW EXECUTE FUNCTION tasks.reminder_reminder_of_own_task_fn();

create table tasks.subtask (
  id uuid not null,
  user_id uuid not null,
  task_id uuid not null,
  title text not null,
  completed boolean not null default false,
  completed_at timestamptz(3),
  position integer not null,
  estimated_minutes integer,
  source text not null,
  created_at timestamptz(3) not null,
  closed_by_force boolean not null default false,
  template_subtask_id uuid,
  primary key (id),
  constraint subtask_task_id_position_unique unique (task_id, "position") deferrable initially deferred,
  constraint subtask_task_id_foreign foreign key (task_id) references tasks.task (id) on delete cascade,
  constraint subtask_user_id_foreign foreign key (user_id) references auth."user" (id) on delete cascade,
  constraint subtask_closed_by_force_whole check (completed or not closed_by_force),
  constraint subtask_completion_whole check (completed = (completed_at is not null)),
  constraint subtask_estimate_range check (estimated_minutes >= 1 and estimated_minutes <= 720),
  constraint subtask_position_positive check ("position" >= 0),
  constraint subtask_source_check check (source = any (array['USER', 'AI', 'SYSTEM'])),
  constraint subtask_title_length check (char_length(btrim(title)) >= 1 and char_length(title) <= 75)
);

create function tasks.subtask_subtask_of_open_task_fn() returns trigger language plpgsql as $$
begin if not new.completed and exists (select from tasks.subtask s join tasks.task t on t.id = s.task_id where s.id = new.id and not s.completed and t.completed) then raise exception 'A completed task has an open subtask.' using errcode = 'check_violation'; end if; return null; end;
$$;
CREATE CONSTRAINT TRIGGER subtask_of_open_task AFTER INSERT OR UPDATE ON tasks.subtask DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tasks.subtask_subtask_of_open_task_fn();

create function tasks.subtask_subtask_of_own_task_fn() returns trigger language plpgsql as $$
begin if tg_op = 'UPDATE' and new.task_id is not distinct from old.task_id and new.user_id = old.user_id then return null; end if; if exists (select from tasks.task p where p.id = new.task_id and p.user_id <> new.user_id) then raise exception 'tasks.subtask hangs on another account''s tasks.task.' using errcode = 'foreign_key_violation'; end if; return null; end;
$$;
CREATE TRIGGER subtask_of_own_task AFTER INSERT OR UPDATE ON tasks.subtask FOR EACH ROW EXECUTE FUNCTION tasks.subtask_subtask_of_own_task_fn();

create function tasks.subtask_subtask_order_gapless_fn() returns trigger language plpgsql as $$
begin if tg_op = 'UPDATE' and new.position = old.position then return null; end if; if exists (select from tasks.subtask where task_id = coalesce(new.task_id, old.task_id) having count(*) <> coalesce(max(position) + 1, 0)) then raise exception 'The order of subtasks has a gap.' using errcode = 'check_violation'; end if; return null; end;
$$;
CREATE CONSTRAINT TRIGGER subtask_order_gapless AFTER INSERT OR DELETE OR UPDATE ON tasks.subtask DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tasks.subtask_subtask_order_gapless_fn();

create table tasks.template_reminder (
  id uuid not null,
  user_id uuid not null,
  template_id uuid not null,
  type text not null,
  offset_minutes integer not null,
  method text not null,
  primary key (id),
  constraint template_reminder_template_id_foreign foreign key (template_id) references tasks.task_template (id) on delete cascade,
  constraint template_reminder_user_id_foreign foreign key (user_id) references auth."user" (id) on delete cascade,
  constraint template_reminder_method_check check (method = any (array['PUSH', 'IN_APP'])),
  constraint template_reminder_offset_range check (offset_minutes >= 0 and offset_minutes <= 43200),
  constraint template_reminder_relative check (type <> 'ABSOLUTE'),
  constraint template_reminder_type_check check (type = any (array['BEFORE', 'AFTER', 'ABSOLUTE']))
);
create index template_reminder_template_id_index on tasks.template_reminder (template_id);

create function tasks.template_reminder_template_reminder_of_own_template_fn() returns trigger language plpgsql as $$
begin if tg_op = 'UPDATE' and new.template_id is not distinct from old.template_id and new.user_id = old.user_id then return null; end if; if exists (select from tasks.task_template p where p.id = new.template_id and p.user_id <> new.user_id) then raise exception 'tasks.template_reminder hangs on another account''s tasks.task_template.' using errcode = 'foreign_key_violation'; end if; return null; end;
$$;
CREATE TRIGGER template_reminder_of_own_template AFTER INSERT OR UPDATE ON tasks.template_reminder FOR EACH ROW EXECUTE FUNCTION tasks.template_reminder_template_reminder_of_own_template_fn();

create table tasks.template_subtask (
  id uuid not null,
  user_id uuid not null,
  template_id uuid not null,
  title text not null,
  estimated_minutes integer,
  position integer not null,
  source text not null,
  primary key (id),
  constraint template_subtask_template_id_position_unique unique (template_id, "position") deferrable initially deferred,
  constraint template_subtask_template_id_foreign foreign key (template_id) references tasks.task_template (id) on delete cascade,
  constraint template_subtask_user_id_foreign foreign key (user_id) references auth."user" (id) on delete cascade,
  constraint template_subtask_estimate_range check (estimated_minutes >= 1 and estimated_minutes <= 720),
  constraint template_subtask_position_positive check ("position" >= 0),
  constraint template_subtask_source_check check (source = any (array['USER', 'AI', 'SYSTEM'])),
  constraint template_subtask_title_length check (char_length(btrim(title)) >= 1 and char_length(title) <= 75)
);

create function tasks.template_subtask_template_subtask_of_own_template_fn() returns trigger language plpgsql as $$
begin if tg_op = 'UPDATE' and new.template_id is not distinct from old.template_id and new.user_id = old.user_id then return null; end if; if exists (select from tasks.task_template p where p.id = new.template_id and p.user_id <> new.user_id) then raise exception 'tasks.template_subtask hangs on another account''s tasks.task_template.' using errcode = 'foreign_key_violation'; end if; return null; end;
$$;
CREATE TRIGGER template_subtask_of_own_template AFTER INSERT OR UPDATE ON tasks.template_subtask FOR EACH ROW EXECUTE FUNCTION tasks.template_subtask_template_subtask_of_own_template_fn();

create function tasks.template_subtask_template_subtask_order_gapless_fn() returns trigger language plpgsql as $$
begin if tg_op = 'UPDATE' and new.position = old.position then return null; end if; if exists (select from tasks.template_subtask where template_id = coalesce(new.template_id, old.template_id) having count(*) <> coalesce(max(position) + 1, 0)) then raise exception 'The order of a template''s subtasks has a gap.' using errcode = 'check_violation'; end if; return null; end;
$$;
CREATE CONSTRAINT TRIGGER template_subtask_order_gapless AFTER INSERT OR DELETE OR UPDATE ON tasks.template_subtask DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tasks.template_subtask_template_subtask_order_gapless_fn();
