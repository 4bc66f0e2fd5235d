import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { errorCodeOf } from '../error-code.js';
import type { Page } from '../http/page.js';

const { resolve } = createRequire(import.meta.url);

/** The built GraphiQL, of the version that is installed. */
export class GraphiQL {
  #unpacking: Promise<void> | null = null;

  private constructor(
    readonly version: string,
    readonly folder: string,
  ) {}

  /** Null without development's dependencies. */
  static find(): GraphiQL | null {
    try {
      const manifest = resolve('@graphql-yoga/render-graphiql/package.json');
      const { version }: { version: string } = JSON.parse(readFileSync(manifest, 'utf8'));
      return new GraphiQL(version, join(manifest, '../../../.cache/perpetua-flow', `graphiql-${version}`));
    } catch (error) {
      if (errorCodeOf(error) === 'MODULE_NOT_FOUND') return null;
      throw error;
    }
  }

  /** Its files lie in `folder` then. The package holds them as strings in 9 MB of JavaScript, which a thread forgets. */
  async unpack(): Promise<void> {
    this.#unpacking ??= existsSync(this.folder) ? Promise.resolve() : unpackTo(this.folder);
    await this.#unpacking.catch((error: unknown) => {
      this.#unpacking = null;
      throw error;
    });
  }

  get page(): Page {
    const base = `/graphiql/${this.version}`;
    return {
      html: `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Perpetua Flow: GraphiQL</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="${base}/graphiql.css">
    <style>
      body { margin: 0; display: flex; flex-direction: column; height: 100vh; }
      #graphiql { flex: 1; min-height: 0; }
      #notice { margin: 0; padding: 0.5em 1em; background: #fff3cd; color: #333; font: 0.9em system-ui; }
    </style>
    <script defer src="/graphiql/graphql-ws.js"></script>
    <script defer src="${base}/graphiql.js"></script>
    <script type="module" src="/graphiql/page.js"></script>
  </head>
  <body class="no-focus-outline">
    <p id="notice" hidden>Apollo Sandbox could not be loaded from the internet, so this is GraphiQL.</p>
    <div id="graphiql" data-base="${base}"></div>
  </body>
</html>
`,
      policy: [
        "default-src 'none'",
        "script-src 'self'",
        "worker-src 'self'",
        // The editor sets styles of its own.
        "style-src 'self' 'unsafe-inline'",
        "font-src 'self' data:",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
      ].join('; '),
    };
  }
}

function unpackTo(folder: string): Promise<void> {
  const worker = new Worker(new URL('./unpack-graphiql.js', import.meta.url), { workerData: folder });
  return new Promise((done, failed) => {
    worker.on('error', failed);
    worker.on('exit', (code) => (code === 0 ? done() : failed(new Error(`GraphiQL was not unpacked (${code}).`))));
  });
}
