import { Migration } from '@mikro-orm/migrations';

/** A sign-in is a row of its own: it can be listed, ended and looked up, and says which refresh tokens are the newest. */
export class Migration20261127031500_sessions extends Migration {
  override name = 'Migration20261127031500_sessions';

  override up(): void | Promise<void> {
    // Triggers that wait for the commit would keep tables from being altered, by the migrations that follow too.
    this.addSql('set constraints all immediate;');
    this.addSql(
      `create table "auth"."session" ("id" uuid not null, "user_id" uuid not null, "device" text null, "address" text null, "created_at" timestamptz(3) not null, "last_used_at" timestamptz(3) not null, "expires_at" timestamptz(3) not null, "ended_at" timestamptz(3) null, "generation" int not null default 0, primary key ("id"));`,
    );
    this.addSql(`create index "session_user_id_index" on "auth"."session" ("user_id");`);
    this.addSql(`create index "session_expires_at_index" on "auth"."session" ("expires_at");`);
    this.addSql(`create index "session_ended" on "auth"."session" ("ended_at", "id") where ended_at is not null;`);
    this.addSql(
      `alter table "auth"."session" add constraint "session_user_id_foreign" foreign key ("user_id") references "auth"."user" ("id") on delete cascade;`,
    );
    this.addSql(`alter table "auth"."session" add constraint "session_generation_positive" check (generation >= 0);`);

    // Who is signed in stays so: each family becomes a session, its only unspent token the newest generation.
    this.addSql(
      `insert into auth.session (id, user_id, created_at, last_used_at, expires_at, ended_at, generation) select family_id, user_id, min(created_at), max(created_at), max(expires_at), max(revoked_at), count(*) - 1 from auth.refresh_token group by family_id, user_id;`,
    );
    this.addSql(`alter table "auth"."refresh_token" add column "generation" int null;`);
    this.addSql(
      `update auth.refresh_token t set generation = numbered.generation from (select id, row_number() over (partition by family_id order by created_at, spent_at nulls last) - 1 as generation from auth.refresh_token) numbered where numbered.id = t.id;`,
    );
    this.addSql(`alter table "auth"."refresh_token" alter column "generation" set not null;`);

    this.addSql(`alter table "auth"."refresh_token" rename column "family_id" to "session_id";`);
    this.addSql(`alter index "auth"."refresh_token_family_id_index" rename to "refresh_token_session_id_index";`);
    this.addSql(
      `alter table "auth"."refresh_token" add constraint "refresh_token_session_id_foreign" foreign key ("session_id") references "auth"."session" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "auth"."refresh_token" drop column "user_id", drop column "spent_at", drop column "revoked_at";`,
    );
    this.addSql(`alter table "auth"."user" drop column "session_epoch";`);

    this.addSql(
      `create table "auth"."used_id_token" ("hash" text not null, "expires_at" timestamptz(3) not null, primary key ("hash"));`,
    );
    this.addSql(`create index "used_id_token_expires_at_index" on "auth"."used_id_token" ("expires_at");`);
  }
}
