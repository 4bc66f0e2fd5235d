import { type Config, ConfigError, type DatabaseUrl, databaseUrls } from './config.js';
import { reach } from './platform/database/reach.js';

/**
 * Connects once to each of these, so that a start on a database that is away, or on two, says which variable leads there.
 * @throws ConfigError that names each variable with its reason
 */
export async function requireReachable(config: Config, names: readonly DatabaseUrl[]): Promise<void> {
  // One that is not set has the address of one before it.
  const given = databaseUrls.filter((name) => names.some((each) => config[each] === config[name]));
  const different = given.filter((name, index) => given.findIndex((each) => config[each] === config[name]) === index);
  const found = await Promise.all(different.map(async (name) => ({ name, ...(await reach(config[name])) })));
  const away = found.flatMap((each) => ('reason' in each ? [`${each.name}: ${each.reason}`] : []));
  if (away.length > 0) throw new ConfigError(away.join('\n'));
  const [first, ...others] = found.flatMap((each) => ('database' in each ? [each] : []));
  const other = others.find(({ database }) => database !== first?.database);
  if (other) throw new ConfigError(`${other.name}: must lead to the same database as ${first?.name}`);
}
