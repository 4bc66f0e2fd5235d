/** Words with the space around them, nothing lost: a word, as the emulator sees it, is a token. */
export function tokensOf(text: string): string[] {
  return text.match(/\s*\S+(?:\s+$)?|\s+$/g) ?? [];
}

/** `a🦊b` as two tokens that end and begin with half a character; so at each such character. */
export function halves(token: string): string[] {
  return token.split(/(?<=[\ud800-\udbff])(?=[\udc00-\udfff])/);
}

/** A few sentences about the prompt's tasks, its lines that begin with `- [ ]` and `- [x]`; some 40 words. */
export function answerAbout(prompt: string): string {
  const lines = [...prompt.matchAll(/^- \[([ x])\] (.+?)(?: \(priority .*\))?$/gm)];
  const titles = (mark: string) => lines.filter(([, each]) => each === mark).map(([, , title]) => `“${title}”`);
  const [first, ...others] = titles(' ').slice(0, 3);
  const done = titles('x').slice(0, 2);
  const then = others.length > 0 ? ` After that, ${others.join(' and ')} can follow.` : '';
  const well = done.length > 0 ? ` Well done with ${done.join(' and ')}.` : '';
  return first
    ? `I looked at your tasks. Start with ${first}: it moves everything else. Take one small step now, and set a time for the rest.${then}${well} Tell me when it is done, and we will plan the next one.`
    : `You have nothing open right now, so this is a good moment to plan.${well} Write down the next thing that matters, give it a date, and split it into steps of less than an hour. Then start with the smallest.`;
}
