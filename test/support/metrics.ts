/** What a scrape answers. */
export interface Scrape {
  /** Each metric, with or without a series. */
  readonly names: ReadonlySet<string>;
  /** The value of each series, by its name and labels as they stand there. */
  get(series: string): number | undefined;
}

/** Scrapes a port. @throws when it answers anything but metrics */
export async function scrape(url: string, token = ''): Promise<Scrape> {
  const response = await fetch(`${url}/metrics`, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`The metrics answered ${response.status}.`);
  const text = await response.text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const series = new Map(lines.map((line) => [line.replace(/ \S+$/, ''), Number(line.split(' ').at(-1))]));
  const names = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name));
  return { names, get: (key) => series.get(key) };
}
