// What the pages begin with: operations, and the sample account's token while it is good. It runs in the browser.

/** Every sample token that this page was given. */
const sampleTokens = new Set();

/** The access token of now, null where there is none to give, and the operations to begin with. */
export async function readSetup() {
  const answer = await fetch('/graphiql/setup.json');
  const setup = answer.ok ? await answer.json() : { accessToken: null, tabs: [] };
  if (setup.accessToken) sampleTokens.add(setup.accessToken);
  return setup;
}

/** These headers with the sample token of now, if they have an older one: it expires while the page is open. */
export async function renewed(headers) {
  const name = Object.keys(headers).find((each) => each.toLowerCase() === 'authorization');
  const token = name && String(headers[name]).replace(/^Bearer +/i, '');
  if (!token || !sampleTokens.has(token)) return headers;
  const { accessToken } = await readSetup();
  return accessToken ? { ...headers, [name]: `Bearer ${accessToken}` } : headers;
}
