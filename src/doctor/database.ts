import type { Finding } from '../admin/finding.js';
import { databaseUrls } from '../config.js';
import { sharesSessions } from '../platform/database/pooler.js';
import { reach } from '../platform/database/reach.js';
import { ok, skipped, type Variables, warning, withConnection, wrong } from './check.js';

const check = 'database';

/** Whether each address leads to the same database, which takes writes. */
export async function checkDatabase(variables: Variables): Promise<readonly Finding[]> {
  const given = databaseUrls.flatMap((name) => (variables[name] ? [{ name, url: variables[name] }] : []));
  if (given.length === 0) return [skipped(check, 'No address of it can be used.')];
  const reached = await Promise.all(given.map(async (address) => ({ ...address, ...(await reach(address.url)) })));
  const away = reached.flatMap((each) =>
    'reason' in each
      ? [
          wrong(
            check,
            `${each.name}: ${each.reason}.`,
            `Start PostgreSQL, or correct ${each.name}: host, port, role, password.`,
          ),
        ]
      : [],
  );
  if (away.length > 0) return away;
  const [first, ...others] = reached.flatMap((each) => ('database' in each ? [each] : []));
  const other = others.find(({ database }) => database !== first?.database);
  if (!first || other)
    return [wrong(check, `${other?.name} leads to another database than ${first?.name}.`, 'Give both the same.')];
  return [await writes(first.url), ...(await pooled(variables.DIRECT_URL ?? first.url))];
}

async function writes(url: string): Promise<Finding> {
  const [row] = await withConnection(url, (run) =>
    run<{ isReadOnly: boolean; version: string }>(
      `select current_setting('transaction_read_only') = 'on' as "isReadOnly", current_setting('server_version') as version`,
      [],
    ),
  );
  if (row?.isReadOnly)
    return wrong(
      check,
      'It takes no writes.',
      'It may be a standby: lead the addresses to the primary, or promote it.',
    );
  return ok(check, `PostgreSQL ${row?.version} answers and takes writes.`);
}

/** LISTEN, the queue and migrations need sessions of their own. */
async function pooled(url: string): Promise<Finding[]> {
  if (!(await sharesSessions(url))) return [];
  const says = 'DIRECT_URL leads through a pooler that hands out connections by transaction.';
  return [warning(check, says, 'Lead DIRECT_URL to PostgreSQL itself: no process starts like this.')];
}
