import { type Config, ConfigError, type DatabaseUrl, databaseUrls } from './config.js';
import { whyUnreachable } from './platform/database/reach.js';

/**
 * Connects once to each of these, so that a start on a database that is away says which variable leads there.
 * @throws ConfigError that names each variable with its reason
 */
export async function requireReachable(config: Config, names: readonly DatabaseUrl[]): Promise<void> {
  const urls = new Set(names.map((name) => config[name]));
  const faults = await Promise.all(
    [...urls].map(async (url) => {
      const reason = await whyUnreachable(url);
      // One that is not set has the address of one before it.
      return reason === null ? [] : [`${databaseUrls.find((each) => config[each] === url)}: ${reason}`];
    }),
  );
  if (faults.flat().length > 0) throw new ConfigError(faults.flat().join('\n'));
}
