import { expect, test } from '@jest/globals';
import { auditServer } from 'graphql-http';
import { harness } from '../support/harness.js';
import { untilServed } from '../support/until-served.js';

const world = harness({ worker: false });

/**
 * SHOULDs that do not hold, each with its reason.
 * @see https://graphql.github.io/graphql-over-http/draft/
 */
const reason =
  '400 is the status of VALIDATION_FAILED whatever the client accepts, so that proxies and logs see it; the body is the same.';
const accepted: Readonly<Record<string, string>> = {
  '572B': reason, // on a document that cannot be parsed
  FDE2: reason, // on a document that is not valid
  '7B9B': reason, // on variables that do not fit
};

test('every MUST of GraphQL over HTTP holds, and every SHOULD but those listed', async () => {
  const ada = await world.user();
  const results = await auditServer({
    url: `${world.url}/graphql`,
    // Who asks is asked before anything else.
    fetchFn: (url: string, init: RequestInit = {}) =>
      untilServed(() =>
        fetch(url, { ...init, headers: { authorization: `Bearer ${ada.session.accessToken}`, ...init.headers } }),
      ),
  });
  const failed = results.flatMap((result) => (result.status === 'ok' ? [] : [result]));
  const unexpected = failed.filter(({ id, name }) => name.startsWith('MUST') || !(id in accepted));
  expect(unexpected.map(({ id, name, reason, response }) => `${id} ${name}: ${response.status}, ${reason}`)).toEqual(
    [],
  );
  expect(failed.map(({ id }) => id).sort()).toEqual(Object.keys(accepted).sort());
});
