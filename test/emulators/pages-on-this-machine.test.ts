import { expect, test } from '@jest/globals';
import { harness, postJson } from '../support/harness.js';

const world = harness({ worker: false });

const allowed = (response: Response) => response.headers.get('access-control-allow-origin');

test.each(['http://localhost:5173', 'http://127.0.0.1:3000', 'https://[::1]:8443', 'http://localhost'])(
  'the emulators answer pages of %s',
  async (origin) => {
    const preflight = await fetch(`${world.google.url}/id-token`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,x-mine',
      },
    });
    expect(preflight.status).toBe(204);
    expect(allowed(preflight)).toBe(origin);
    expect(preflight.headers.get('access-control-allow-headers')).toBe('content-type,x-mine');
    const answer = await postJson(`${world.google.url}/id-token`, { email: 'ada@example.com' }, { origin });
    expect([answer.status, allowed(answer)]).toEqual([200, origin]);
    expect(allowed(await fetch(`${world.openai.url}/_control`, { headers: { origin } }))).toBe(origin);
  },
);

test.each(['https://example.com', 'http://localhost.example.com', 'http://127.0.0.1.nip.io', 'null'])(
  'the emulators answer no page of %s',
  async (origin) => {
    expect(allowed(await fetch(`${world.openai.url}/_control`, { headers: { origin } }))).toBeNull();
  },
);
