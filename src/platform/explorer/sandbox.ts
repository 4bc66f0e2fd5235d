import type { Page } from '../http/page.js';

const cdn = 'https://embeddable-sandbox.cdn.apollographql.com';

/**
 * Apollo Sandbox with both endpoints of this server. Its script comes from Apollo: where that does not load, the page
 * goes on to GraphiQL.
 * @see https://www.apollographql.com/docs/graphos/platform/sandbox#embedding-sandbox
 */
export const sandboxPage: Page = {
  html: `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Perpetua Flow: GraphQL</title>
    <link rel="icon" href="data:,">
    <style>html, body, #sandbox { margin: 0; height: 100%; } p { position: absolute; margin: 2em; font: 1em system-ui; }</style>
    <script type="module" src="/graphiql/sandbox.js"></script>
  </head>
  <body>
    <p id="loading">Loading Apollo Sandbox, which comes from the internet. <a href="/graphiql">GraphiQL</a> does not.</p>
    <div id="sandbox" data-script="${cdn}/_latest/embeddable-sandbox.umd.production.min.js"></div>
  </body>
</html>
`,
  policy: [
    "default-src 'none'",
    `script-src 'self' ${cdn}`,
    "style-src 'unsafe-inline'",
    'frame-src https://sandbox.embed.apollographql.com',
    `img-src 'self' data: ${cdn}`,
    "connect-src 'self' ws: wss: https:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
};
