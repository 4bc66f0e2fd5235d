const cdn = 'https://embeddable-sandbox.cdn.apollographql.com';

/**
 * Apollo Sandbox with both endpoints of this server.
 * @see https://www.apollographql.com/docs/graphos/platform/sandbox#embedding-sandbox
 */
export const sandboxPage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Perpetua Flow: GraphQL</title>
    <style>html, body, #sandbox { margin: 0; height: 100%; }</style>
  </head>
  <body>
    <div id="sandbox"></div>
    <script src="${cdn}/_latest/embeddable-sandbox.umd.production.min.js"></script>
    <script>
      new window.EmbeddedSandbox({
        target: '#sandbox',
        initialEndpoint: location.origin + '/graphql',
        initialSubscriptionEndpoint: location.origin.replace(/^http/, 'ws') + '/graphql',
        initialState: { document: 'query Me {\\n  me {\\n    id\\n    name\\n  }\\n}' },
      });
    </script>
  </body>
</html>`;

/** What the page loads, as a Content-Security-Policy. */
export const sandboxPolicy = [
  "default-src 'none'",
  `script-src 'unsafe-inline' ${cdn}`,
  "style-src 'unsafe-inline'",
  'frame-src https://sandbox.embed.apollographql.com',
  `img-src 'self' data: ${cdn}`,
  "connect-src 'self' ws: wss: https:",
].join('; ');
