import { chownSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { generate } from 'selfsigned';
import { CreateTask, Tasks } from '../../generated/documents.js';
import { toEnv } from '../../src/config.js';
import { testConfig } from '../support/config.js';
import { eventually, harness } from '../support/harness.js';

const world = harness({ worker: false });

/** Makes the run's PostgreSQL take TLS too, and answers the file of the certificate to trust. */
async function serverWithTls(): Promise<string> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keySize: 2_048,
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  const [row] = await world.sql<{ folder: string }>(`select current_setting('data_directory') as folder`);
  const folder = row?.folder ?? '';
  const { uid, gid } = statSync(folder);
  const file = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    chownSync(path, uid, gid);
    return path;
  };
  const [certificate, privateKey] = [file('test-tls.crt', cert), file('test-tls.key', key)];
  await world.sql(`alter system set ssl_cert_file = '${certificate}'`);
  await world.sql(`alter system set ssl_key_file = '${privateKey}'`);
  await world.sql('alter system set ssl = on');
  await world.sql('select pg_reload_conf()');
  await eventually(
    () => world.sql<{ ssl: string }>(`select current_setting('ssl') as ssl`),
    ([each]) => each?.ssl === 'on',
  );
  return certificate;
}

test('what the address says of TLS holds for every connection of a process', async () => {
  const certificate = await serverWithTls();
  const { config } = world;
  const at = (parameters: string) =>
    testConfig({
      ...toEnv(config),
      DATABASE_URL: `${config.DATABASE_URL}?${parameters}`,
      DIRECT_URL: `${config.DATABASE_URL}?${parameters}`,
    });

  world.config = at('sslmode=verify-full');
  await expect(world.startApp()).rejects.toThrow(/self-signed certificate/);

  world.config = at(`sslmode=verify-full&sslrootcert=${encodeURIComponent(certificate)}`);
  const before = await world.sql<{ pid: number }>(
    'select pid from pg_stat_activity where datname = current_database()',
  );
  const { url } = await world.startApp();
  world.config = config;
  const ada = await world.user('Ada', url ?? '');
  await ada.ok(CreateTask, { input: { title: 'x' } });
  await ada.ok(Tasks, {});
  const connections = await world.sql<{ ssl: boolean }>(
    `select ssl from pg_stat_ssl join pg_stat_activity using (pid)
     where datname = current_database() and backend_type = 'client backend' and pid <> all($1)`,
    [before.map(({ pid }) => pid)],
  );
  // Of the pool, the queue and LISTEN.
  expect(connections.length).toBeGreaterThanOrEqual(3);
  expect(connections.filter(({ ssl }) => !ssl)).toEqual([]);
});
