import type { Person } from './person.js';

type Answer = Awaited<ReturnType<Person['send']>>;

/** Sends again what a busy machine has refused for now, as clients do: nothing of it was counted or done. */
export async function untilServed(send: () => Promise<Answer>): Promise<Answer> {
  const answer = await send();
  return answer.body.errors?.[0]?.extensions?.['code'] === 'UNAVAILABLE' ? untilServed(send) : answer;
}
