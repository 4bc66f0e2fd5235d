// Shows Apollo Sandbox, or GraphiQL when Apollo's script does not load. It runs in the browser, as it is.
import { readSetup, renewed } from './setup.js';

const maxLoadMs = 5_000;
const target = document.getElementById('sandbox');

const [setup] = await Promise.all([readSetup(), loaded()]);
document.getElementById('loading').remove();
const sharedHeaders = setup.accessToken ? { authorization: `Bearer ${setup.accessToken}` } : {};
const [first] = setup.tabs;
new window.EmbeddedSandbox({
  target: '#sandbox',
  initialEndpoint: `${location.origin}/graphql`,
  initialSubscriptionEndpoint: `${location.origin.replace(/^http/, 'ws')}/graphql`,
  // Sandbox sends them with every operation, and as the socket's connection parameters.
  initialState: { document: first?.query, sharedHeaders },
  handleRequest: async (url, request) => fetch(url, { ...request, headers: await renewed(request.headers) }),
});

/** Apollo's script; a page that cannot have it is left. */
function loaded() {
  return new Promise((resolve) => {
    const leave = () => location.replace('/graphiql?from=sandbox');
    const timer = setTimeout(leave, maxLoadMs);
    const script = document.createElement('script');
    script.src = target.dataset.script;
    script.onerror = leave;
    script.onload = () => {
      clearTimeout(timer);
      if (window.EmbeddedSandbox) resolve();
      else leave();
    };
    document.head.append(script);
  });
}
