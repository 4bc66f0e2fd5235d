import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { startApp } from '../../src/app.js';
import { createLog } from '../../src/platform/log.js';
import { openDatabaseToMigrate } from '../../src/services.js';
import { testConfig } from '../support/config.js';

const server = process.env['TEST_DATABASE_SERVER'] ?? '';
const name = `test_${randomUUID().replaceAll('-', '')}`;
const config = testConfig({ DATABASE_URL: server.replace(/postgres$/, name) });

async function onServer(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(text);
  await client.end();
}

beforeAll(() => onServer(`create database ${name}`));
afterAll(() => onServer(`drop database if exists ${name} with (force)`));

const start = () => startApp(config, { api: true, worker: true }, createLog('silent'));

test('what lacks migrations is not served: the start says which, and what to do', async () => {
  await expect(start()).rejects.toThrow(/lacks .* Migration20261121000000_spine.* Run `npm run migrate`/);
  const orm = openDatabaseToMigrate(config);
  await orm.migrator.up({ to: 'Migration20261121160121_outcomes' });
  await orm.close(true);
  await expect(start()).rejects.toThrow(/lacks .* Migration20261127030100_closed-by-force.* Run `npm run migrate`/);
});
