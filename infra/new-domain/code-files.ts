import type { DomainNames } from './names.js';

/** The entity, use cases, events and resolver of a new domain, by their paths. */
export function codeFilesOf(names: DomainNames): ReadonlyMap<string, string> {
  const { domain, thing } = names;
  return new Map([
    [`entities/${domain}/${thing}.ts`, entity(names)],
    [`src/events/${domain}.ts`, events(names)],
    [`src/${domain}/index.ts`, door(names)],
    [`src/${domain}/account-tables.ts`, accountTables(names)],
    [`src/${domain}/${thing}-rows.ts`, rows(names)],
    [`src/${domain}/create-${thing}.ts`, creation(names)],
    [`src/${domain}/delete-${thing}.ts`, deletion(names)],
    [`resolvers/${domain}/${domain}.ts`, resolver(names)],
  ]);
}

function entity({ domain, thing, type }: DomainNames): string {
  return `import { Check, Entity, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { DateTime } from '../../src/kernel/scalars.js';
import { Account } from '../accounts/account.js';
import { Notes } from '../table-notes.js';

/** What a new one starts with. */
type New${type} = Pick<${type}, 'id' | 'accountId' | 'title' | 'createdAt'>;

/** One ${thing} of an account. */
@ObjectType({ simpleResolvers: true, description: 'One ${thing} of the account.' })
@Entity({ schema: '${domain}' })
@Index({ properties: ['accountId', 'createdAt', 'id'] })
@Check({ name: '${thing}_title_length', expression: 'char_length(btrim(title)) >= 1 and char_length(title) <= 200' })
@Notes({
  kept: 'until the user deletes it',
  indexes: {
    ${thing}_account_id_created_at_id_index: 'The list of ${domain}, newest first.',
    ${thing}_id_index: 'One ${thing} by the id that a client names, whosever it is.',
  },
})
export class ${type} {
  @ManyToOne(() => Account, { mapToPk: true, fieldName: 'account_id', primary: true, deleteRule: 'cascade' })
  readonly accountId: string;

  @Field(() => ID, { description: 'The UUID of the ${thing}.' })
  @Index()
  @PrimaryKey({ type: 'uuid' })
  readonly id: string;

  @Field(() => String, { description: 'What it is called, 1–200 characters.' })
  @Property({ type: 'text' })
  title: string;

  @Field(() => DateTime, { description: 'When it was created.' })
  @Property({ type: 'timestamptz', length: 3 })
  readonly createdAt: Date;

  constructor(from: New${type}) {
    this.id = from.id;
    this.accountId = from.accountId;
    this.title = from.title;
    this.createdAt = from.createdAt;
  }
}
`;
}

function events({ thing }: DomainNames): string {
  return `import { defineEvent } from '../kernel/events.js';
import { nothing } from './shapes.js';

export const ${thing}Created = defineEvent('${thing}.created', '${thing}', 'One ${thing} was created.', nothing);

export const ${thing}Deleted = defineEvent('${thing}.deleted', '${thing}', 'One ${thing} was deleted for good.', nothing);
`;
}

function accountTables({ domain, thing, type }: DomainNames): string {
  return `import { ${type} } from '../../entities/${domain}/${thing}.js';
import { type AccountTable, accountTable } from '../kernel/account-tables.js';

/** What ${domain} hold of an account. */
export const ${domain}Tables: readonly AccountTable[] = [
  accountTable(${type}, {
    name: '${domain}',
    what: 'Your ${domain}.',
    of: 'accountId',
    order: ['id'],
    onDeletion: { kind: 'DELETED' },
  }),
];
`;
}

function door({ domain, thing, type, types }: DomainNames): string {
  return `export { ${domain}Tables } from './account-tables.js';
export { create${type}, create${type}Errors } from './create-${thing}.js';
export { delete${type}, delete${type}Errors } from './delete-${thing}.js';
export { count${types}, list${types}, list${types}Errors } from './${thing}-rows.js';
`;
}

function rows({ domain, thing, type, types }: DomainNames): string {
  return `import { ${type} } from '../../entities/${domain}/${thing}.js';
import { type Context, requireAccount } from '../kernel/context.js';
import { countList, type KeysetList, type Page, type PageArguments, pageErrors, readPage } from '../kernel/page.js';
import { type RowIn, rowsWithout } from '../kernel/rows.js';

const ${thing}Rows = rowsWithout(${type}, ['accountId']);

/** A row of ${domain} as reads see it. */
type ${type}Row = RowIn<typeof ${thing}Rows>;

function listOf(ctx: Context): KeysetList {
  return {
    name: '${domain}',
    columns: ${thing}Rows.columns,
    from: '${domain}.${thing}',
    where: 'account_id = $1',
    values: [requireAccount(ctx)],
    sortKey: 'created_at',
    sortType: 'timestamptz',
    descending: true,
  };
}

export const list${types}Errors = pageErrors;

/** The caller's ${domain}, newest first. */
export function list${types}(ctx: Context, page: PageArguments): Promise<Page<${type}Row>> {
  return readPage<${type}Row>(ctx, listOf(ctx), page);
}

/** How many ${domain} the caller has. */
export function count${types}(ctx: Context): Promise<number> {
  return countList(ctx, listOf(ctx));
}
`;
}

function creation({ domain, thing, type, types }: DomainNames): string {
  return `import { z } from 'zod';
import { ${type} } from '../../entities/${domain}/${thing}.js';
import { requireCapacityForOneMore } from '../accounts/index.js';
import { record } from '../activity/index.js';
import { ${thing}Created } from '../events/${domain}.js';
import { type Context, newId } from '../kernel/context.js';
import type { DeclaredErrors } from '../kernel/errors.js';
import { field, parse, parseErrors } from '../kernel/input.js';
import { transaction } from '../kernel/transaction.js';
import { count${types} } from './${thing}-rows.js';

const Input = z.strictObject({ title: field.line(1, 200) });

export const create${type}Errors: DeclaredErrors = { ...parseErrors, LIMIT_REACHED: '\`${domain}\`' };

/** Makes one ${thing}. */
export async function create${type}(ctx: Context, input: unknown): Promise<${type}> {
  const { title } = parse(Input, input);
  return transaction(ctx, async (tx) => {
    await requireCapacityForOneMore(tx, '${domain}', await count${types}(tx));
    const made = new ${type}({ id: newId(tx.clock), accountId: tx.unit.account.id, title, createdAt: tx.clock.now() });
    tx.entities().persist(made);
    await record(tx, ${thing}Created(made.id, {}));
    return made;
  });
}
`;
}

function deletion({ domain, thing, type }: DomainNames): string {
  return `import { ${type} } from '../../entities/${domain}/${thing}.js';
import { requireMay, requireMayErrors } from '../accounts/index.js';
import { record } from '../activity/index.js';
import { ${thing}Deleted } from '../events/${domain}.js';
import type { Context } from '../kernel/context.js';
import type { DeclaredErrors } from '../kernel/errors.js';
import { parseErrors, parseId } from '../kernel/input.js';
import { transaction } from '../kernel/transaction.js';

export const delete${type}Errors: DeclaredErrors = { ...parseErrors, ...requireMayErrors };

/** Deletes one ${thing} for good, and answers its id; the second time it is not there. */
export async function delete${type}(ctx: Context, input: { readonly id: unknown }): Promise<string> {
  const id = parseId(input.id);
  return transaction(ctx, async (tx) => {
    tx.entities().remove(await requireMay(tx, 'write ${thing}', await tx.entities().findOne(${type}, { id })));
    await record(tx, ${thing}Deleted(id, {}));
    return id;
  });
}
`;
}

function resolver({ domain, thing, type, types }: DomainNames): string {
  return `import { Arg, Args, Ctx, Field, ID, InputType, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { ${type} } from '../../entities/${domain}/${thing}.js';
import {
  count${types},
  create${type},
  create${type}Errors,
  delete${type},
  delete${type}Errors,
  list${types},
  list${types}Errors,
} from '../../src/${domain}/index.js';
import type { Context } from '../../src/kernel/context.js';
import { connectionOf, ForwardArguments } from '../connection.js';
import { DeletePayload } from '../deletion.js';
import { withErrors } from '../error-codes.js';

const ${type}Connection = connectionOf('${type}', () => ${type});

@InputType({ description: 'What to create in ${domain}.' })
class Create${type}Input {
  @Field(() => String, { description: 'What it is called, 1–200 characters.' })
  title!: string;
}

@InputType({ description: 'What to delete from ${domain}.' })
class Delete${type}Input {
  @Field(() => ID, { description: 'The UUID of the ${thing} to delete.' })
  id!: string;
}

@ObjectType({ simpleResolvers: true, description: 'The ${thing} that was written.' })
class ${type}Payload {
  @Field(() => ${type}, { description: 'The ${thing} as it is now.' })
  ${thing}!: ${type};
}

/** What an account has of ${domain}. */
@Resolver(() => ${type})
export class ${types}Resolver {
  @Query(() => ${type}Connection, { description: withErrors("The caller's ${domain}, newest first.", list${types}Errors) })
  async ${domain}(@Ctx() ctx: Context, @Args(() => ForwardArguments) page: ForwardArguments) {
    return new ${type}Connection(await list${types}(ctx, page), () => count${types}(ctx));
  }

  @Mutation(() => ${type}Payload, {
    description: withErrors('Creates one ${thing}.', create${type}Errors),
  })
  async create${type}(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'What it is called.' }) input: Create${type}Input,
  ): Promise<${type}Payload> {
    return { ${thing}: await create${type}(ctx, input) };
  }

  @Mutation(() => DeletePayload, {
    description: withErrors('Deletes one ${thing} for good.', delete${type}Errors),
  })
  async delete${type}(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'Which one is to go.' }) input: Delete${type}Input,
  ): Promise<DeletePayload> {
    return { deletedId: await delete${type}(ctx, input), deletedItem: null };
  }
}
`;
}
