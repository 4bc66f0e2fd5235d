import type { RunStatement } from './rows.js';

/** The same address, whose connections refuse to write. It must not lead through a pooler, which knows no such option. */
export function readOnlyUrl(address: string): string {
  const url = new URL(address);
  const given = url.searchParams.get('options');
  const option = '-c default_transaction_read_only=on';
  url.searchParams.set('options', given ? `${given} ${option}` : option);
  return url.href;
}

/** Whether connections refuse to write: a pooler may drop the option without a word. */
export async function isReadOnly(runStatement: RunStatement): Promise<boolean> {
  const [row] = await runStatement<{ isOn: boolean }>(
    `select current_setting('default_transaction_read_only') = 'on' as "isOn"`,
    [],
  );
  return row?.isOn === true;
}
