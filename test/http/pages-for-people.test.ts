import { readFileSync } from 'node:fs';
import { request as sendRequest } from 'node:http';
import { expect, test } from '@jest/globals';
import { buildSchema, parse, validate } from 'graphql';
import { asProduction } from '../support/config.js';
import { harness, json } from '../support/harness.js';
import { startRoles } from '../support/role.js';

const accessToken = 'the.sample.token';
const beside = { sampleToken: () => accessToken, places: [{ name: 'Beside <it>', where: 'http://localhost:1' }] };
const world = harness({ worker: false, config: { NODE_ENV: 'development' }, beside });

interface Setup {
  readonly accessToken: string | null;
  readonly tabs: readonly { readonly query: string; readonly variables: unknown }[];
}

const page = (path: string) => fetch(`${world.url}${path}`, { headers: { accept: 'text/html,*/*;q=0.8' } });

/** What a page, or a script, names of this server's. */
function assetsIn(text: string): string[] {
  const attributes = [...text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => String(path));
  const imports = [...text.matchAll(/from '\.\/([\w-]+\.js)'/g)].map(([, name]) => `/graphiql/${name}`);
  return [...attributes, ...imports].filter((path) => path !== '/graphiql');
}

/** All that a page loads, by its path, with what each script imports. */
async function loadAll(path: string): Promise<Map<string, Response>> {
  const loaded = new Map<string, Response>();
  const open = assetsIn(await (await page(path)).text());
  for (const asset of open) {
    if (loaded.has(asset)) continue;
    const answer = await page(asset);
    loaded.set(asset, answer);
    if (asset.startsWith('/graphiql/') && asset.split('/').length === 3) {
      open.push(...assetsIn(await answer.clone().text()));
    }
  }
  return loaded;
}

test('every file that the pages name is served, with a type that browsers run', async () => {
  for (const path of ['/graphql', '/graphiql']) {
    const loaded = await loadAll(path);
    expect(loaded.has('/graphiql/setup.js')).toBe(true);
    for (const [asset, answer] of loaded) {
      expect([asset, answer.status]).toEqual([asset, 200]);
      expect(answer.headers.get('content-type')).toBe(
        asset.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8',
      );
      expect((await answer.text()).length).toBeGreaterThan(500);
    }
  }
});

test("GraphiQL's own files are whole, workers too, and may be kept by a browser for ever", async () => {
  const html = await (await page('/graphiql')).text();
  const base = /data-base="([^"]+)"/.exec(html)?.[1];
  for (const [name, part] of [
    ['graphiql.js', 'renderYogaGraphiQL'],
    ['graphiql.css', '.graphiql-container'],
    ['editor.worker.js', 'onmessage'],
    ['json.worker.js', 'onmessage'],
    ['graphql.worker.js', 'onmessage'],
  ] as const) {
    const answer = await page(`${base}/${name}`);
    expect([name, answer.status]).toEqual([name, 200]);
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect((await answer.text()).includes(part)).toBe(true);
  }
});

test('GraphiQL loads from this server alone; Sandbox also from Apollo; everything else nothing', async () => {
  const graphiql = (await page('/graphiql')).headers.get('content-security-policy') ?? '';
  expect(graphiql).toContain("default-src 'none'");
  expect(graphiql).toContain("frame-ancestors 'none'");
  expect(graphiql).not.toMatch(/https?:|script-src [^;]*unsafe/);
  const sandbox = (await page('/graphql')).headers.get('content-security-policy') ?? '';
  expect(sandbox).toContain("script-src 'self' https://embeddable-sandbox.cdn.apollographql.com;");
  for (const path of ['/health/live', '/graphiql/setup.json', '/graphiql/page.js', '/nowhere']) {
    expect((await page(path)).headers.get('content-security-policy')).toBe(
      "default-src 'none'; frame-ancestors 'none'",
    );
  }
});

test('Sandbox leaves for GraphiQL where its script does not load, which says so', async () => {
  const html = await (await page('/graphql')).text();
  expect(html).toContain('embeddable-sandbox.umd.production.min.js');
  expect(html).toContain('href="/graphiql"');
  const script = await (await page('/graphiql/sandbox.js')).text();
  expect(script).toContain('initialSubscriptionEndpoint');
  expect(script).toContain("location.replace('/graphiql?from=sandbox')");
  expect(await (await page('/graphiql?from=sandbox')).text()).toContain('Apollo Sandbox could not be loaded');
});

test('a browser is given operations that are valid, with variables that they declare', async () => {
  const { tabs } = await json<Setup>(await page('/graphiql/setup.json'));
  const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
  expect(tabs.length).toBeGreaterThan(4);
  expect(tabs.map(({ query }) => /(query|mutation|subscription) \w+/.exec(query)?.[0])).toEqual(
    expect.arrayContaining(['query Me', 'query Tasks', 'mutation SendChatMessage', 'subscription ChatStream']),
  );
  for (const { query } of tabs) expect(validate(schema, parse(query))).toEqual([]);
  const ada = await world.user();
  for (const { query, variables } of tabs) {
    if (query.includes('subscription ')) continue;
    const answer = await fetch(`${world.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${ada.session.accessToken}` },
      body: JSON.stringify({ query, variables }),
    });
    expect(await json<{ errors?: unknown }>(answer)).not.toHaveProperty('errors');
  }
});

/** The setup as somebody gets it who sends these headers; fetch would not let a test say its Host. */
function setupFor(headers: Record<string, string>): Promise<Setup> {
  return new Promise((resolve, reject) => {
    sendRequest(`${world.url}/graphiql/setup.json`, { headers, agent: false }, async (response) => {
      let text = '';
      for await (const chunk of response) text += String(chunk);
      const setup: Setup = JSON.parse(text);
      resolve(setup);
    })
      .on('error', reject)
      .end();
  });
}

test.each([
  ['a page of ours', {}],
  ['a page of ours, as browsers say it', { 'sec-fetch-site': 'same-origin' }],
  ['a page at the address', { host: '127.0.0.1:4000' }],
])('the sample token is for %s', async (_, headers) => {
  expect((await setupFor(headers)).accessToken).toBe(accessToken);
});

test.each<[string, Record<string, string>]>([
  ["another site's page", { 'sec-fetch-site': 'cross-site' }],
  ["another port's page", { 'sec-fetch-site': 'same-site' }],
  ['another name that leads here', { host: 'rebound.example:4000' }],
  ['what comes through a tunnel', { 'x-forwarded-for': '192.0.2.1' }],
  ['what comes through a proxy', { forwarded: 'for=192.0.2.1' }],
])('the sample token is not for %s, which gets the operations', async (_, headers) => {
  const setup = await setupFor(headers);
  expect(setup.accessToken).toBeNull();
  expect(setup.tabs).not.toEqual([]);
});

test('the sample token is not for another machine', async () => {
  const far = await world.another({ config: { NODE_ENV: 'development', TRUSTED_PROXIES: '127.0.0.1' } });
  const answer = await fetch(`${far.url}/graphiql/setup.json`, { headers: { 'x-forwarded-for': '192.0.2.1' } });
  expect((await json<Setup>(answer)).accessToken).toBeNull();
});

test('the sample token is for development only', async () => {
  const other = await world.another({ config: { NODE_ENV: 'test' } });
  const setup = await json<Setup>(await fetch(`${other.url}/graphiql/setup.json`));
  expect(setup.accessToken).toBeNull();
  expect(setup.tabs).not.toEqual([]);
});

test('GET / says where everything is, in HTML to browsers and in JSON to others', async () => {
  const { places } = await json<{ places: { name: string; where: string }[] }>(await fetch(world.url));
  expect(places.map(({ where }) => where)).toEqual(
    expect.arrayContaining([
      ...['/graphql', '/graphiql', '/api/v1', '/.well-known/jwks.json', '/health/ready'].map(
        (path) => `${world.url}${path}`,
      ),
      `${world.url.replace('http', 'ws')}/graphql`,
      'README.md',
      'docs/clients.md',
      'http://localhost:1',
    ]),
  );
  const answer = await page('/');
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const html = await answer.text();
  expect(html).toContain('Beside &lt;it&gt;');
  const links = [...html.matchAll(/<a href="([^"]+)"/g)].map(([, url]) => String(url));
  expect(links).toContain(`${world.url}/graphiql`);
  for (const url of links) expect([url, (await page(url.slice(world.url.length))).status]).toEqual([url, 200]);
});

test('in production there are no pages', async () => {
  const production = await startRoles(asProduction(world.config), ['api']);
  try {
    for (const path of ['/', '/graphiql', '/graphiql/setup.json', '/graphiql/page.js', '/graphiql/sandbox.js']) {
      const answer = await fetch(`${production.url}${path}`, { headers: { accept: 'text/html' } });
      expect([path, answer.status]).toEqual([path, 404]);
      expect(await json(answer)).toMatchObject({ error: { code: 'NOT_FOUND' } });
    }
    const graphql = await fetch(`${production.url}/graphql`, { headers: { accept: 'text/html,*/*;q=0.8' } });
    expect(graphql.status).toBe(400);
    expect(await json(graphql)).toMatchObject({ errors: [{ extensions: { code: 'VALIDATION_FAILED' } }] });
  } finally {
    await production.kill();
  }
});
