import { z } from 'zod';
import { checkLedgers, type LedgerFault } from '../../billing/index.js';
import { counted } from '../../kernel/text.js';
import { defineCommand } from '../command.js';
import { tableOf } from '../print.js';

/** Faults that are printed; those beyond are counted. */
const maxShown = 1_000;

export const ledgerCheck = defineCommand({
  name: 'ledger check',
  says: 'Proves every balance by its ledger, line by line, and every hold by its parts; ends with 1 when one is wrong.',
  words: [],
  input: z.strictObject({}),
  changes: false,
  run: async (session) => {
    const ctx = await session.open();
    let [accounts, count] = [0, 0];
    const faults: LedgerFault[] = [];
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof checkLedgers>> = await checkLedgers(ctx, after);
      accounts += page.accounts;
      count += page.faults.length;
      faults.push(...page.faults.slice(0, maxShown - faults.length));
      after = page.next;
    } while (after !== null);
    const rows = faults.map(({ accountId, what, place, stored, expected }) => [
      accountId,
      what,
      place,
      stored,
      expected,
    ]);
    const summary = `${counted(accounts, 'account')}, ${counted(count, 'fault')}`;
    const table = tableOf(['account', 'what', 'where', 'stored', 'expected'], rows, 'Every ledger adds up.');
    return { data: { accounts, count, faults }, text: `${table}\n${summary}`, exitCode: count > 0 ? 1 : 0 };
  },
});
