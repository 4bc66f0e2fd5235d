import { escapeHtml, type Page } from '../http/page.js';

/** Something to find: an address, or a file. */
export interface Place {
  readonly name: string;
  readonly where: string;
  /** Whether there is something to see for a browser that goes there. */
  readonly opens?: boolean;
}

/** What the API itself has, below `url`, and what to read. */
export function ownPlaces(url: string): Place[] {
  return [
    { name: 'GraphQL, and Apollo Sandbox in a browser', where: `${url}/graphql`, opens: true },
    { name: 'Subscriptions (graphql-transport-ws)', where: `${url.replace(/^http/, 'ws')}/graphql` },
    { name: 'GraphiQL', where: `${url}/graphiql`, opens: true },
    { name: 'Base of REST, for signing in: docs/clients.md', where: `${url}/api/v1` },
    { name: 'Public signing keys', where: `${url}/.well-known/jwks.json`, opens: true },
    { name: 'Alive', where: `${url}/health/live`, opens: true },
    { name: 'Ready', where: `${url}/health/ready`, opens: true },
    { name: 'Metrics', where: `${url}/metrics`, opens: true },
    { name: 'First steps', where: 'README.md' },
    { name: 'For clients', where: 'docs/clients.md' },
  ];
}

/** A page that says where everything is. */
export function placesPage(places: readonly Place[]): Page {
  const rows = places.map(({ name, where, opens = false }) => {
    const text = escapeHtml(where);
    const shown = opens ? `<a href="${text}">${text}</a>` : `<code>${text}</code>`;
    return `      <tr><th>${escapeHtml(name)}</th><td>${shown}</td></tr>`;
  });
  return {
    html: `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Perpetua Flow</title>
    <link rel="icon" href="data:,">
    <style>body { margin: 3em; font: 1em/1.8 system-ui; } th { padding-right: 2em; text-align: left; font-weight: normal; }</style>
  </head>
  <body>
    <h1>Perpetua Flow</h1>
    <table>
${rows.join('\n')}
    </table>
  </body>
</html>
`,
    policy: "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
  };
}
