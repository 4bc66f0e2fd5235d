// Starts GraphiQL with the sample account's token and some operations. It runs in the browser, as it is.
import { readSetup, renewed } from './setup.js';

const target = document.getElementById('graphiql');
const { base } = target.dataset;
const workers = { editorWorkerService: 'editor', json: 'json', graphql: 'graphql' };
globalThis.MonacoEnvironment = {
  globalAPI: false,
  getWorkerUrl: (_module, label) => `${base}/${workers[label]}.worker.js`,
};

const asked = new URLSearchParams(location.search);
if (asked.get('from') === 'sandbox') document.getElementById('notice').hidden = false;
// GraphiQL writes what is edited into the address. Without it, it would add an empty tab to those that it has kept.
if (!asked.has('query')) localStorage.removeItem('graphiql:tabState');

const setup = await readSetup();
const headers = setup.accessToken ? pretty({ Authorization: `Bearer ${setup.accessToken}` }) : '';

globalThis.YogaGraphiQL.renderYogaGraphiQL(target, {
  title: 'Perpetua Flow',
  fetcher,
  headers,
  // Tabs outlive a reload; tokens do not, they may have expired.
  shouldPersistHeaders: false,
  defaultTabs: setup.tabs.map(({ query, variables }) => ({ query, variables: pretty(variables), headers })),
});

/** Runs what a person has written: subscriptions over the WebSocket, everything else over HTTP. */
async function fetcher(operation, { headers: written = {}, documentAST } = {}) {
  const sent = await renewed(written);
  return isSubscription(operation, documentAST) ? follow(operation, sent) : post(operation, sent);
}

async function post(operation, sent) {
  const answer = await fetch('/graphql', {
    method: 'POST',
    headers: { ...sent, 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(operation),
  });
  return answer.json();
}

function follow(operation, connectionParams) {
  const url = `${location.origin.replace(/^http/, 'ws')}/graphql`;
  return globalThis.graphqlWs
    .createClient({ url, connectionParams, shouldRetry: () => true, retryAttempts: 5 })
    .iterate(operation);
}

function isSubscription({ operationName }, document) {
  const operations = document?.definitions.filter(({ kind }) => kind === 'OperationDefinition') ?? [];
  const meant = operations.find(({ name }) => !operationName || name?.value === operationName);
  return meant?.operation === 'subscription';
}

function pretty(value) {
  return value ? JSON.stringify(value, null, 2) : '';
}
