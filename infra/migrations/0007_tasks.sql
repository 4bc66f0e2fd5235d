-- Tasks with what belongs to them, the templates that make recurring ones, and the time that people spend on them.
create schema tasks;

create table tasks.task_template (
  account_id uuid not null,
  id uuid not null,
  title text not null,
  description text not null,
  priority text not null,
  estimated_minutes integer,
  tags text[] not null,
  rule text not null,
  time_zone text not null,
  starts_at text not null,
  taken_days text[] not null default '{}',
  rule_number integer not null default 1,
  active boolean not null default true,
  retry_at timestamptz(3),
  failures integer not null default 0,
  newest_task_id uuid,
  created_at timestamptz(3) not null,
  primary key (account_id, id),
  constraint task_template_account_id_foreign foreign key (account_id) references accounts.account (id) on delete cascade,
  constraint task_template_description_length check (char_length(description) <= 2000),
  constraint task_template_estimate_range check (estimated_minutes >= 1 and estimated_minutes <= 720),
  constraint task_template_failures_positive check (failures >= 0),
  constraint task_template_priority_check check (priority = any (array['LOW', 'MEDIUM', 'HIGH'])),
  constraint task_template_rule_length check (char_length(rule) >= 1 and char_length(rule) <= 1000),
  constraint task_template_tags_count check (cardinality(tags) <= 20),
  constraint task_template_tags_length check (array_position(tags, '') is null and array_position(tags, null) is null and array_to_string(tags, chr(10)) !~ '[^\n]{31}'),
  constraint task_template_title_length check (char_length(btrim(title)) >= 1 and char_length(title) <= 200)
);
create index task_template_account_id_created_at_id_index on tasks.task_template (account_id, created_at, id);
create index task_template_id_index on tasks.task_template (id);
create index task_template_to_retry on tasks.task_template (retry_at) where retry_at is not null;

create table tasks.template_subtask (
  account_id uuid not null,
  id uuid not null,
  template_id uuid not null,
  title text not null,
  estimated_minutes integer,
  position integer not null,
  source text not null,
  primary key (account_id, id),
  constraint template_subtask_account_id_template_id_position_unique unique (account_id, template_id, position) deferrable initially deferred,
  constraint template_subtask_estimate_range check (estimated_minutes >= 1 and estimated_minutes <= 720),
  constraint template_subtask_position_positive check (position >= 0),
  constraint template_subtask_source_check check (source = any (array['USER', 'AI', 'SYSTEM'])),
  constraint template_subtask_title_length check (char_length(btrim(title)) >= 1 and char_length(title) <= 75),
  constraint template_subtask_template_id_foreign foreign key (account_id, template_id) references tasks.task_template (account_id, id)
    on delete cascade deferrable initially deferred
);

create function tasks.check_order_of_template_subtasks() returns trigger language plpgsql as $$
begin
  if exists (
    select from tasks.template_subtask
    where account_id = coalesce(new.account_id, old.account_id) and template_id = coalesce(new.template_id, old.template_id)
    having count(*) <> coalesce(max(position) + 1, 0)
  ) then
    raise exception 'The order of a template''s subtasks has a gap.' using errcode = 'check_violation';
  end if;
  return null;
end;
$$;
-- At the commit: whoever removes one moves up the others afterwards.
create constraint trigger template_subtask_order_gapless after insert or delete on tasks.template_subtask
  deferrable initially deferred for each row execute function tasks.check_order_of_template_subtasks();
create constraint trigger template_subtask_order_stays_gapless after update of position on tasks.template_subtask
  deferrable initially deferred for each row when (new.position <> old.position)
  execute function tasks.check_order_of_template_subtasks();

create table tasks.template_reminder (
  account_id uuid not null,
  id uuid not null,
  template_id uuid not null,
  type text not null,
  offset_minutes integer not null,
  method text not null,
  primary key (account_id, id),
  constraint template_reminder_method_check check (method = any (array['PUSH', 'IN_APP'])),
  constraint template_reminder_offset_range check (offset_minutes >= 0 and offset_minutes <= 43200),
  constraint template_reminder_relative check (type <> 'ABSOLUTE'),
  constraint template_reminder_type_check check (type = any (array['BEFORE', 'AFTER', 'ABSOLUTE'])),
  constraint template_reminder_template_id_foreign foreign key (account_id, template_id) references tasks.task_template (account_id, id)
    on delete cascade deferrable initially deferred
);
create index template_reminder_account_id_template_id_index on tasks.template_reminder (account_id, template_id);

create table tasks.task (
  account_id uuid not null,
  id uuid not null,
  title text not null,
  description text not null,
  priority text not null,
  due_date timestamptz(3),
  tags text[] not null,
  estimated_minutes integer,
  template_id uuid,
  focus_seconds integer not null default 0,
  completed boolean not null default false,
  completed_at timestamptz(3),
  completed_by text,
  hidden boolean not null default false,
  archived boolean not null default false,
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  primary key (account_id, id),
  constraint task_account_id_foreign foreign key (account_id) references accounts.account (id) on delete cascade,
  constraint task_completed_by_check check (completed_by = any (array['MANUAL', 'AUTO', 'FORCE'])),
  constraint task_completion_whole check (completed = (completed_at is not null) and completed = (completed_by is not null)),
  constraint task_description_length check (char_length(description) <= 2000),
  constraint task_estimate_range check (estimated_minutes >= 1 and estimated_minutes <= 720),
  constraint task_focus_positive check (focus_seconds >= 0),
  constraint task_priority_check check (priority = any (array['LOW', 'MEDIUM', 'HIGH'])),
  constraint task_tags_count check (cardinality(tags) <= 20),
  constraint task_tags_length check (array_position(tags, '') is null and array_position(tags, null) is null and array_to_string(tags, chr(10)) !~ '[^\n]{31}'),
  constraint task_title_length check (char_length(btrim(title)) >= 1 and char_length(title) <= 200),
  constraint task_version_positive check (version >= 1),
  constraint task_template_id_foreign foreign key (account_id, template_id) references tasks.task_template (account_id, id)
    on delete set null (template_id) deferrable initially deferred
);
-- In the order of a list that says nothing; counting needs nothing else.
create index task_visible on tasks.task (account_id, created_at, id) where not hidden and not archived;
create index task_id_index on tasks.task (id);
create index task_of_template on tasks.task (account_id, template_id) where template_id is not null;

create table tasks.subtask (
  account_id uuid not null,
  id uuid not null,
  task_id uuid not null,
  title text not null,
  completed boolean not null default false,
  completed_at timestamptz(3),
  closed_by_force boolean not null default false,
  position integer not null,
  estimated_minutes integer,
  source text not null,
  template_subtask_id uuid,
  created_at timestamptz(3) not null,
  primary key (account_id, id),
  constraint subtask_account_id_task_id_position_unique unique (account_id, task_id, position) deferrable initially deferred,
  constraint subtask_closed_by_force_whole check (completed or not closed_by_force),
  constraint subtask_completion_whole check (completed = (completed_at is not null)),
  constraint subtask_estimate_range check (estimated_minutes >= 1 and estimated_minutes <= 720),
  constraint subtask_position_positive check (position >= 0),
  constraint subtask_source_check check (source = any (array['USER', 'AI', 'SYSTEM'])),
  constraint subtask_title_length check (char_length(btrim(title)) >= 1 and char_length(title) <= 75),
  constraint subtask_task_id_foreign foreign key (account_id, task_id) references tasks.task (account_id, id)
    on delete cascade deferrable initially deferred
);
create index subtask_id_index on tasks.subtask (id);

create table tasks.reminder (
  account_id uuid not null,
  id uuid not null,
  task_id uuid not null,
  type text not null,
  offset_minutes integer,
  method text not null,
  scheduled_for timestamptz(3),
  state text not null,
  template_reminder_id uuid,
  created_at timestamptz(3) not null,
  primary key (account_id, id),
  constraint reminder_method_check check (method = any (array['PUSH', 'IN_APP'])),
  constraint reminder_offset_of_relative check ((type = 'ABSOLUTE') = (offset_minutes is null)),
  constraint reminder_offset_range check (offset_minutes >= 0 and offset_minutes <= 43200),
  constraint reminder_scheduled_has_time check (state <> 'SCHEDULED' or scheduled_for is not null),
  constraint reminder_state_check check (state = any (array['SCHEDULED', 'SENT', 'FAILED', 'CANCELLED'])),
  constraint reminder_type_check check (type = any (array['BEFORE', 'AFTER', 'ABSOLUTE'])),
  constraint reminder_task_id_foreign foreign key (account_id, task_id) references tasks.task (account_id, id)
    on delete cascade deferrable initially deferred
);
create index reminder_account_id_task_id_index on tasks.reminder (account_id, task_id);
create index reminder_due on tasks.reminder (scheduled_for, account_id) where state = 'SCHEDULED';
create index reminder_due_of_account on tasks.reminder (account_id, scheduled_for) where state = 'SCHEDULED';
create index reminder_id_index on tasks.reminder (id);

-- A completed task has no open subtask, no reminder to come, and no gap in the order of its subtasks. What a statement
-- inserts is looked at once, at its end; the rest at the commit, since whoever completes a task, or removes a subtask,
-- takes several statements.
create function tasks.check_inserted_subtasks() returns trigger language plpgsql as $$
begin
  -- Asked row by row: a join might read the whole table for one row.
  if exists (
    select from inserted where not completed
      and (select completed from tasks.task where account_id = inserted.account_id and id = inserted.task_id)
  ) then
    raise exception 'A completed task has an open subtask.' using errcode = 'check_violation';
  end if;
  if exists (
    select from (select distinct account_id, task_id from inserted) as written where (
      select count(*) <> max(position) + 1 from tasks.subtask
      where account_id = written.account_id and task_id = written.task_id)
  ) then
    raise exception 'The order of subtasks has a gap.' using errcode = 'check_violation';
  end if;
  return null;
end;
$$;
create trigger subtask_inserted_rightly after insert on tasks.subtask
  referencing new table as inserted for each statement execute function tasks.check_inserted_subtasks();

create function tasks.check_order_of_subtasks() returns trigger language plpgsql as $$
begin
  if exists (
    select from tasks.subtask where account_id = old.account_id and task_id = old.task_id
    having count(*) <> coalesce(max(position) + 1, 0)
  ) then
    raise exception 'The order of subtasks has a gap.' using errcode = 'check_violation';
  end if;
  return null;
end;
$$;
create constraint trigger subtask_order_gapless after delete on tasks.subtask
  deferrable initially deferred for each row execute function tasks.check_order_of_subtasks();
create constraint trigger subtask_order_stays_gapless after update of position on tasks.subtask
  deferrable initially deferred for each row when (new.position <> old.position)
  execute function tasks.check_order_of_subtasks();

create function tasks.check_reopened_subtask() returns trigger language plpgsql as $$
begin
  if exists (
    select from tasks.subtask join tasks.task on task.account_id = subtask.account_id and task.id = subtask.task_id
    where subtask.account_id = new.account_id and subtask.id = new.id and not subtask.completed and task.completed
  ) then
    raise exception 'A completed task has an open subtask.' using errcode = 'check_violation';
  end if;
  return null;
end;
$$;
create constraint trigger subtask_of_open_task after update of completed on tasks.subtask
  deferrable initially deferred for each row when (not new.completed) execute function tasks.check_reopened_subtask();

create function tasks.check_scheduled_reminder() returns trigger language plpgsql as $$
begin
  if exists (
    select from tasks.reminder join tasks.task on task.account_id = reminder.account_id and task.id = reminder.task_id
    where reminder.account_id = new.account_id and reminder.id = new.id and reminder.state = 'SCHEDULED' and task.completed
  ) then
    raise exception 'A completed task has a reminder to come.' using errcode = 'check_violation';
  end if;
  return null;
end;
$$;
create constraint trigger reminder_of_open_task after insert or update of state on tasks.reminder
  deferrable initially deferred for each row when (new.state = 'SCHEDULED')
  execute function tasks.check_scheduled_reminder();

create function tasks.check_completed_task() returns trigger language plpgsql as $$
begin
  if exists (select from tasks.task where account_id = new.account_id and id = new.id and completed) and (
    exists (select from tasks.subtask where account_id = new.account_id and task_id = new.id and not completed)
    or exists (select from tasks.reminder where account_id = new.account_id and task_id = new.id and state = 'SCHEDULED')
  ) then
    raise exception 'A completed task has an open subtask or a reminder to come.' using errcode = 'check_violation';
  end if;
  return null;
end;
$$;
create constraint trigger task_completed_wholly after insert or update of completed on tasks.task
  deferrable initially deferred for each row when (new.completed) execute function tasks.check_completed_task();

create table tasks.occurrence (
  account_id uuid not null,
  template_id uuid not null,
  local_time text not null,
  rule_number integer not null,
  due_date timestamptz(3) not null,
  task_id uuid not null,
  primary key (account_id, template_id, local_time, rule_number),
  constraint occurrence_account_id_template_id_task_id_unique unique (account_id, template_id, task_id),
  constraint occurrence_local_time_form check (local_time ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$'),
  constraint occurrence_template_id_foreign foreign key (account_id, template_id) references tasks.task_template (account_id, id)
    on delete cascade deferrable initially deferred
);

create table tasks.focus_session (
  id uuid not null,
  account_id uuid not null,
  user_id uuid not null,
  task_id uuid not null,
  started_at timestamptz(3) not null,
  ended_at timestamptz(3),
  primary key (id),
  constraint focus_session_user_id_foreign foreign key (user_id) references auth."user" (id) on delete cascade,
  constraint focus_session_at_most_12_hours check (ended_at <= (started_at + '12:00:00'::interval)),
  constraint focus_session_forwards check (ended_at >= started_at),
  constraint focus_session_task_id_foreign foreign key (account_id, task_id) references tasks.task (account_id, id)
    on delete cascade deferrable initially deferred
);
create index focus_session_account_id_task_id_index on tasks.focus_session (account_id, task_id);
create index focus_session_running_since on tasks.focus_session (started_at) where ended_at is null;
create unique index focus_session_running_unique on tasks.focus_session (user_id) where ended_at is null;
create index focus_session_user_id_index on tasks.focus_session (user_id);
