import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { startEmbeddedPostgres } from '../../infra/postgres/embedded.js';
import { openLine } from '../../src/platform/database/line.js';
import { isUnavailable } from '../../src/platform/unavailable.js';
import { withClient } from '../support/harness.js';

test('a standby, which has no unlogged tables, is away, and its connection is kept for nobody', async () => {
  const root = mkdtempSync(join(tmpdir(), 'standby-'));
  // Where we are root, PostgreSQL runs as somebody else.
  chmodSync(root, 0o755);
  const options = { dataFolder: join(root, 'data'), port: 0, durable: false, log: () => undefined };
  try {
    const primary = await startEmbeddedPostgres(options);
    await withClient(primary.url, (client) => client.query('create unlogged table shared (id int)'));
    await primary.stop();
    writeFileSync(join(options.dataFolder, 'standby.signal'), '');
    const standby = await startEmbeddedPostgres(options);
    const line = openLine({ url: standby.url, preparesStatements: false });
    try {
      const backend = async () =>
        (await line.runStatement<{ pid: number }>('select pg_backend_pid() as pid', []))[0]?.pid;
      const failures = [];
      for (const text of ['select from shared', 'insert into shared values (1)']) {
        const before = await backend();
        failures.push(await line.runStatement(text, []).catch(isUnavailable));
        expect(await backend()).not.toBe(before);
      }
      expect(failures).toEqual([true, true]);
    } finally {
      await line.close();
      await standby.stop();
    }
  } finally {
    rmSync(root, { recursive: true });
  }
});
