/** Sends again what a busy machine has refused for now, as clients do: nothing of it was counted or done. */
export async function untilServed<Answer extends { readonly status: number }>(
  send: () => Promise<Answer>,
): Promise<Answer> {
  const answer = await send();
  return answer.status === 503 ? untilServed(send) : answer;
}
