-- What people should hear of, and the browsers that it reaches.
create schema notifications;

create table notifications.notification (
  id uuid not null,
  user_id uuid not null,
  number bigint not null,
  key text not null,
  type text not null,
  title text not null,
  body text not null,
  action_url text,
  entity_type text not null,
  entity_id uuid not null,
  read_at timestamptz(3),
  created_at timestamptz(3) not null,
  primary key (id),
  constraint notification_user_id_key_unique unique (user_id, key),
  constraint notification_user_id_number_unique unique (user_id, number),
  constraint notification_user_id_foreign foreign key (user_id) references auth."user" (id) on delete cascade,
  constraint notification_action_url_length check (char_length(action_url) <= 500),
  constraint notification_body_length check (char_length(body) <= 500),
  constraint notification_key_length check (char_length(key) >= 1 and char_length(key) <= 200),
  constraint notification_number_positive check (number > 0),
  constraint notification_title_length check (char_length(title) >= 1 and char_length(title) <= 200),
  constraint notification_type_check check (
    type = any (array['ACHIEVEMENT', 'REMINDER', 'TASK_COMPLETED', 'SUBSCRIPTION', 'SYSTEM'])
  )
);
create index notification_unread_about_index on notifications.notification (user_id, entity_id) where read_at is null;
create index notification_unread_index on notifications.notification (user_id, number) where read_at is null;

create table notifications.push_subscription (
  id uuid not null,
  user_id uuid not null,
  endpoint text not null,
  p256dh text not null,
  auth text not null,
  registered_at timestamptz(3) not null,
  primary key (id),
  constraint push_subscription_endpoint_unique unique (endpoint),
  constraint push_subscription_user_id_foreign foreign key (user_id) references auth."user" (id) on delete cascade,
  constraint push_subscription_endpoint_length check (char_length(endpoint) <= 2000),
  constraint push_subscription_endpoint_secure check (starts_with(endpoint, 'https://'))
);
create index push_subscription_user_id_registered_at_index on notifications.push_subscription (user_id, registered_at);

create table notifications.push_delivery (
  notification_id uuid not null,
  push_subscription_id uuid not null,
  outcome text not null,
  at timestamptz(3) not null,
  primary key (notification_id, push_subscription_id),
  constraint push_delivery_notification_id_foreign foreign key (notification_id) references notifications.notification (id) on delete cascade,
  constraint push_delivery_outcome_check check (outcome = any (array['SENT', 'FAILED']))
);
