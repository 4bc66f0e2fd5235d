import { z } from 'zod';
import { defineCommand } from '../command.js';

/** Characters of the longest state. */
const stateWidth = 'WARNING'.length;

export const doctor = defineCommand({
  name: 'doctor',
  says: 'Looks at the configuration, the database, its migrations and grants, line, queue, partitions, clock, files and providers: says what is wrong and what to do, and ends with 1 then.',
  words: [],
  input: z.strictObject({}),
  changes: false,
  run: async (session) => {
    const findings = await session.examine();
    const lines = findings.flatMap(({ check, state, says, advice }) => [
      `${state.padEnd(stateWidth)}  ${check}: ${says}`,
      ...(advice ? [`${' '.repeat(stateWidth)}  -> ${advice}`] : []),
    ]);
    const isWrong = findings.some(({ state }) => state === 'WRONG');
    return { data: { sound: !isWrong, findings }, text: lines.join('\n'), exitCode: isWrong ? 1 : 0 };
  },
});
