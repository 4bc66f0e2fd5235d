import { asAccount, type Context, runStatement } from '../../kernel/context.js';
import { parseId } from '../../kernel/input.js';
import { doors } from './doors.js';

/** What is at hand in the shell, by its name. */
export function globalsOf(ctx: Context): Readonly<Record<string, unknown>> {
  return {
    ctx,
    core: ctx.services,
    asAccount: (id: unknown) => asAccount(ctx, parseId(id)),
    sql: (text: string | TemplateStringsArray, ...values: readonly unknown[]) => {
      if (typeof text === 'string') return runStatement(ctx, text, Array.isArray(values[0]) ? values[0] : []);
      return runStatement(ctx, withPlaceholders(text), values);
    },
    ...doors,
  };
}

/** The text of a tagged template, with `$1` and so on where its values were. */
function withPlaceholders(parts: readonly string[]): string {
  return parts.map((part, index) => (index === 0 ? part : `$${index}${part}`)).join('');
}
