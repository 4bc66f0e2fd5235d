import { ConfigError, type DatabaseUrl, databaseUrls } from './config.js';
import { reach } from './platform/database/reach.js';

/**
 * Connects once to each of these, so that a start on a database that is away, or on two, says which variable leads there.
 * @param env says which variables are set: one that is not has the address of another
 * @throws ConfigError that names each variable with its reason
 */
export async function requireReachable(
  config: Readonly<Partial<Record<DatabaseUrl, string>>>,
  names: readonly DatabaseUrl[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const given = databaseUrls.flatMap((name) => {
    const url = env[name];
    return url && names.some((each) => config[each] === url) ? [{ name, url }] : [];
  });
  const different = given.filter(({ url }, index) => given.findIndex((each) => each.url === url) === index);
  const found = await Promise.all(different.map(async ({ name, url }) => ({ name, ...(await reach(url)) })));
  const away = found.flatMap((each) => ('reason' in each ? [`${each.name}: ${each.reason}`] : []));
  if (away.length > 0) throw new ConfigError(away.join('\n'));
  const [first, ...others] = found.flatMap((each) => ('database' in each ? [each] : []));
  const other = others.find(({ database }) => database !== first?.database);
  if (other) throw new ConfigError(`${other.name}: must lead to the same database as ${first?.name}`);
}
