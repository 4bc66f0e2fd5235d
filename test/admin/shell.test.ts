import { existsSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { domainOrder } from '../../infra/new-domain/place.js';
import { doors } from '../../src/admin/shell/doors.js';
import { because, spawnAdmin } from '../support/admin.js';
import { harness } from '../support/harness.js';

const world = harness({ worker: false });

const recorded = () =>
  world.sql<{ action: string }>('select action, operator, details from activity.operator_action order by id');

test('the shell has the use cases of every domain', () => {
  const existing = domainOrder('.').filter((domain) => existsSync(`src/${domain}`));
  const missing = existing.filter((domain) => !Object.hasOwn(doors, domain));
  expect(missing.map((domain) => `${domain}: add its door to src/admin/shell/doors.ts.`)).toEqual([]);
});

test('the shell reads, by statements and by use cases, over lines that belong together', async () => {
  const ada = await world.user();
  const typed = [
    `(await billing.readCredits(asAccount('${ada.id}'))).total`,
    `await sql\`select email from auth.user where id = \${'${ada.id}'}\``,
    `await sql('select name from auth.user where id = $1', ['${ada.id}'])`,
    '[1, 2].map((each) => {',
    '  return each * 2;',
    '})',
    'throw new Error("mine")',
    'ctx.actor.kind',
  ].join('\n');
  const { code, out, err } = await spawnAdmin(world.config, ['shell'], typed);
  expect([code, err]).toEqual([0, '']);
  const { email } = ada.session.user;
  expect(out).toBe(
    `5\n[ { email: '${email}' } ]\n[ { name: 'Ada' } ]\n| | [ 2, 4 ]\nUncaught Error: mine\n'OPERATOR'\n6 commands.\n`,
  );
  expect(await recorded()).toEqual([]);
});

test('without --write nothing is changed, by a statement or by a use case, and the shell says how it would be', async () => {
  const ada = await world.user();
  const grant = `billing.adjustCredits(asAccount('${ada.id}'), { bucket: 'PURCHASED', amount: 5, reason: 'x', key: 'x' })`;
  const typed = [
    `await ${grant}`,
    `await sql\`update auth.user set name = 'Eve'\``,
    `await core.queue.ask('delete from pgboss.queue')`,
    `await auth.updateProfile({ ...asAccount('${ada.id}'), actor: { kind: 'PERSON', id: '${ada.id}' } }, { name: 'Eve' })`,
  ].join('\n');
  const { code, out } = await spawnAdmin(world.config, ['shell'], typed);
  expect([code, out.match(/This session only reads\. Start it with --write/g)]).toEqual([0, expect.any(Array)]);
  expect(out.match(/This session only reads|read-only transaction/g)?.length).toBeGreaterThanOrEqual(4);
  const names = await world.sql(
    "select name from auth.user union all select key from billing.credit_entry where key = 'x'",
  );
  expect(names).toEqual([{ name: 'Ada' }]);
  expect(await world.sql('select from pgboss.queue limit 1')).toHaveLength(1);
});

test('with --write and a reason it changes things, and the record has when it began and how many commands there were', async () => {
  const ada = await world.user();
  const typed = `await sql\`update auth.user set name = \${'Grace'} where id = \${'${ada.id}'}\`\n1`;
  const { code, out, err } = await spawnAdmin(world.config, ['shell', '--write', '--json', ...because], typed);
  expect([code, JSON.parse(out)]).toEqual([0, { write: true, commands: 2, values: [[], 1] }]);
  expect(err).toBe('[]\n1\n');
  expect(await world.sql('select name from auth.user')).toEqual([{ name: 'Grace' }]);
  expect(await recorded()).toEqual([
    { action: 'SHELL_BEGUN', operator: 'grace', details: {} },
    { action: 'SHELL_ENDED', operator: 'grace', details: { commands: 2 } },
  ]);
  expect(await spawnAdmin(world.config, ['shell', '--write'])).toEqual({
    ...{ code: 2, out: '', err: 'shell: --reason is needed, since this changes something.\n' },
  });
});
