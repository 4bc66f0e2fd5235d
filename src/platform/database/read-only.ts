/** The same address, whose connections refuse to write. It must not lead through a pooler, which knows no such option. */
export function readOnlyUrl(address: string): string {
  const url = new URL(address);
  const given = url.searchParams.get('options');
  const option = '-c default_transaction_read_only=on';
  url.searchParams.set('options', given ? `${given} ${option}` : option);
  return url.href;
}
