-- What people have done that counts, and what they have earned by it.
create schema achievements;

create table achievements.contribution (
  user_id uuid not null,
  kind text not null,
  entity_id uuid not null,
  amount integer not null,
  at timestamptz(3) not null,
  primary key (user_id, kind, entity_id),
  constraint contribution_user_id_foreign foreign key (user_id) references auth."user" (id) on delete cascade,
  constraint contribution_amount_of_kind check (amount = 1 or kind = 'VOICE'),
  constraint contribution_amount_positive check (amount > 0),
  constraint contribution_kind_known check (kind = any (array['TASK', 'FOCUS', 'NOTE', 'VOICE']))
);

create table achievements.active_day (
  user_id uuid not null,
  day date not null,
  at timestamptz(3) not null,
  primary key (user_id, day),
  constraint active_day_user_id_foreign foreign key (user_id) references auth."user" (id) on delete cascade
);

create table achievements.progress (
  user_id uuid not null,
  current_streak integer not null default 0,
  longest_streak integer not null default 0,
  last_day date,
  tasks_completed integer not null default 0,
  focus_completions integer not null default 0,
  notes_converted integer not null default 0,
  voice_seconds integer not null default 0,
  last_at timestamptz(3),
  primary key (user_id),
  constraint progress_user_id_foreign foreign key (user_id) references auth."user" (id) on update cascade on delete cascade,
  constraint progress_day_of_tasks check ((last_day is null) = (tasks_completed = 0)),
  constraint progress_focus_needs_tasks check (focus_completions >= 0 and focus_completions <= tasks_completed),
  constraint progress_never_negative check (notes_converted >= 0 and voice_seconds >= 0),
  constraint progress_streak check (current_streak >= 0 and current_streak <= longest_streak),
  constraint progress_streak_needs_days check ((longest_streak = 0) = (last_day is null))
);
create index progress_running_streaks on achievements.progress (last_day, user_id) where current_streak > 0;

create table achievements.unlocked (
  user_id uuid not null,
  achievement text not null,
  unlocked_at timestamptz(3) not null,
  primary key (user_id, achievement),
  constraint unlocked_user_id_foreign foreign key (user_id) references auth."user" (id) on delete cascade,
  constraint unlocked_achievement_known check (
    achievement = any (array['streak_3', 'streak_7', 'streak_15', 'streak_30', 'tasks_5', 'tasks_10', 'tasks_25', 'tasks_50', 'focus_3', 'focus_10', 'notes_convert_5', 'notes_convert_10', 'notes_convert_15', 'voice_5min', 'voice_15min', 'voice_25min'])
  )
);
