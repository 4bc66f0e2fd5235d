import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../kernel/errors.js';
import { plainAddress } from '../http/addresses.js';
import { prefersPage } from '../http/media-types.js';
import { sendPage } from '../http/page.js';
import type { Surface } from '../http/surface.js';
import { GraphiQL } from './graphiql.js';
import { ownPlaces, type Place, placesPage } from './places.js';
import { readSampleOperations } from './sample-operations.js';

/** What the pages for people are told, which are there outside production only. */
export interface ExplorerOptions {
  /** Where the API listens. */
  url(): string;
  /** What was started beside the API. */
  readonly places: readonly Place[];
  /** An access token of the sample account that is good now; null when there is none to give. */
  sampleToken(): string | null;
}

const root = new URL('../../../../', import.meta.url);
const operationsFolder = fileURLToPath(new URL('operations', root));
const browserFolder = fileURLToPath(new URL('src/platform/explorer/browser', root));
const { resolve } = createRequire(import.meta.url);

/** The pages' own scripts, and one that its package has made for browsers. */
const scripts: Readonly<Record<string, string>> = {
  'page.js': join(browserFolder, 'page.js'),
  'setup.js': join(browserFolder, 'setup.js'),
  'sandbox.js': join(browserFolder, 'sandbox.js'),
  'graphql-ws.js': join(resolve('graphql-ws'), '../../umd/graphql-ws.min.js'),
};
const built = ['graphiql.js', 'graphiql.css', 'editor.worker.js', 'json.worker.js', 'graphql.worker.js'];

/** GraphiQL with all that it loads, so that it works without internet, and `GET /`, which says where what is. */
export function explorerSurface(options: ExplorerOptions): Surface {
  const graphiql = GraphiQL.find();
  return { routes: (fastify) => addRoutes(fastify, graphiql, options) };
}

function addRoutes(fastify: FastifyInstance, graphiql: GraphiQL | null, options: ExplorerOptions): void {
  fastify.get('/', async ({ headers }, reply) => {
    const places = [...ownPlaces(options.url()), ...options.places];
    if (prefersPage(headers.accept)) return sendPage(reply, placesPage(places));
    return reply.send({ places: places.map(({ name, where }) => ({ name, where })) });
  });

  fastify.get('/graphiql', async (_request, reply) => sendPage(reply, installed(graphiql).page));

  fastify.get('/graphiql/setup.json', async (request, reply) =>
    reply.header('cache-control', 'no-store').send({
      accessToken: isOwnBrowser(request) ? options.sampleToken() : null,
      tabs: readSampleOperations(operationsFolder),
    }),
  );

  for (const [name, file] of Object.entries(scripts)) {
    fastify.get(`/graphiql/${name}`, async (_request, reply) => sendFile(reply, file, 'no-cache'));
  }

  for (const name of graphiql ? built : []) {
    const { version, folder } = installed(graphiql);
    fastify.get(`/graphiql/${version}/${name}`, async (_request, reply) => {
      await installed(graphiql).unpack();
      return sendFile(reply, join(folder, name), 'public, max-age=31536000, immutable');
    });
  }
}

function installed(graphiql: GraphiQL | null): GraphiQL {
  if (graphiql) return graphiql;
  throw new AppError('NOT_FOUND', 'GraphiQL comes with the dependencies of development: npm ci, without --omit=dev.');
}

function sendFile(reply: FastifyReply, file: string, caching: string): FastifyReply {
  const type = extname(file) === '.css' ? 'text/css' : 'text/javascript';
  return reply.type(`${type}; charset=utf-8`).header('cache-control', caching).send(createReadStream(file));
}

const loopback: ReadonlySet<string> = new Set(['127.0.0.1', '::1']);
const ownNames: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Whether a page of ours asks from a browser on this machine. Not so when another site's page does, also under a name
 * of its own that leads here (DNS rebinding), and not what comes through a tunnel or proxy.
 */
function isOwnBrowser({ ip, hostname, headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  const isForwarded = headers.forwarded !== undefined || headers['x-forwarded-for'] !== undefined;
  const isOtherSite = site !== undefined && site !== 'same-origin' && site !== 'none';
  return loopback.has(plainAddress(ip)) && ownNames.has(hostname) && !isForwarded && !isOtherSite;
}
