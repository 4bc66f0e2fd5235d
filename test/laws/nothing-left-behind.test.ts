import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { testGroupsFolder } from '../../infra/test-groups.js';

const run = promisify(execFile);

/** What Jest says of a test file in this folder, of which it runs one test with this body. */
async function messageOf(body: string, folder = 'test', inBlock = (tests: string) => tests): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), 'planted-'));
  try {
    const imports = ['http', 'net', 'child_process'].map((name) => `import * as ${name} from 'node:${name}';`);
    const pg = `import pg from ${JSON.stringify(resolve('node_modules/pg/esm/index.mjs'))};`;
    const tests = inBlock(`test('x', async () => { ${body} });`);
    mkdirSync(join(root, folder));
    writeFileSync(join(root, folder, 'planted.test.mjs'), [...imports, pg, tests].join('\n'));
    const report = join(root, 'report.json');
    const config = {
      rootDir: root,
      testEnvironment: resolve('dist/test/support/environment.js'),
      testMatch: ['**/*.test.mjs'],
      transform: {},
    };
    const jest = ['--experimental-vm-modules', resolve('node_modules/jest/bin/jest.js')];
    const options = ['--config', JSON.stringify(config), '--json', '--outputFile', report, '--forceExit'];
    // It ends with 1 when the file fails.
    await run(process.execPath, [...jest, ...options], { cwd: root }).catch(() => undefined);
    const { testResults }: { testResults: { message: string }[] } = JSON.parse(readFileSync(report, 'utf8'));
    return testResults[0]?.message ?? '';
  } finally {
    rmSync(root, { recursive: true });
  }
}

test('a file that leaves timers, servers, sockets, pools or processes behind fails, and says which', async () => {
  const message = await messageOf(`
    setTimeout(() => undefined, 600_000);
    setInterval(() => undefined, 50);
    const server = (globalThis.kept = net.createServer().listen(0));
    net.connect(server.address().port);
    await new Promise((done) => server.once('connection', done));
    const pool = new pg.Pool({ connectionString: ${JSON.stringify(process.env['TEST_DATABASE_SERVER'])} });
    await pool.query('select 1');
    child_process.spawn('sleep', ['20']);`);
  expect(message).toContain('1 setTimeout of 600000 ms, 1 setInterval of 50 ms');
  // Both ends of the connection, and the pool's.
  for (const what of ['1 TCPServerWrap', '3 TCPSocketWrap', '1 ProcessWrap']) expect(message).toContain(what);
});

test('a file that closes what it opens passes', async () => {
  const body = `
    const server = http.createServer((_, response) => response.end('x')).listen(0);
    await (await fetch('http://127.0.0.1:' + server.address().port)).text();
    server.close();
    clearTimeout(setTimeout(() => undefined, 600_000));
    setInterval(() => undefined, 50).unref();
    await new Promise((done) => setTimeout(done, 10));`;
  expect(await messageOf(body)).toBe('');
});

test('a test that asks for it fails when it leaves something, and what was open before it may stay', async () => {
  const inBlock = (tests: string) => `
    let timer;
    beforeAll(() => { timer = setInterval(() => undefined, 70); });
    beforeEach(() => requireNothingLeft());
    afterAll(() => clearInterval(timer));
    ${tests}
    test('y', () => {});`;
  const leaves = 'globalThis.left = setInterval(() => undefined, 50);';
  const message = await messageOf(leaves, 'test', (tests) => `${inBlock(tests)} afterAll(() => clearInterval(left));`);
  expect(message).toContain('x\n\n    This test leaves behind: 1 setInterval of 50 ms. Close what it opens.');
  expect(message).not.toMatch(/70 ms|● y/);
});

test('of a group of files the one is named that leaves something', async () => {
  const inBlock = (tests: string) => `
    describe('the/first', () => { test('y', () => {}); });
    describe('the/second', () => { describe('a part', () => { ${tests} }); });
    describe('the/third', () => { test('z', () => {}); });`;
  const message = await messageOf('setInterval(() => undefined, 50);', testGroupsFolder, inBlock);
  expect(message).toContain('the/second leaves behind: 1 setInterval of 50 ms');
});
