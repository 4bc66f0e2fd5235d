import { type Context, type RunStatement, sqlStateOf } from '../kernel/context.js';
import { AppError } from '../kernel/errors.js';

/** SQLSTATE of a write in a transaction that only reads. */
const readOnlyTransaction = '25006';

/** The same context, where a write that its connections refuse is said in words for operators. */
export function explainingReadOnly(ctx: Context): Context {
  const { services } = ctx;
  return {
    ...ctx,
    services: {
      ...services,
      runStatement: explaining(services.runStatement),
      openTransaction: async () => {
        const transaction = await services.openTransaction();
        return { ...transaction, runStatement: explaining(transaction.runStatement) };
      },
    },
  };
}

function explaining(runStatement: RunStatement): RunStatement {
  return async <Row extends object>(text: string, values: readonly unknown[]) => {
    try {
      return await runStatement<Row>(text, values);
    } catch (error) {
      if (sqlStateOf(error) !== readOnlyTransaction) throw error;
      const message = 'This session only reads. Start it with --write and a --reason to change something.';
      throw new AppError('FORBIDDEN', message, {}, { cause: error });
    }
  };
}
