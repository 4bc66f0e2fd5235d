import { z } from 'zod';
import { defineCommand } from '../command.js';
import { tableOf } from '../print.js';

export const doctor = defineCommand({
  name: 'doctor',
  says: 'Looks at the configuration, the database, its migrations and grants, line, queue, partitions, clock, files and providers: says what is wrong and what to do, and ends with 1 then.',
  words: [],
  input: z.strictObject({}),
  changes: false,
  run: async (session) => {
    const findings = await session.examine();
    const rows = findings.map(({ check, state, says }) => [check, state, says]);
    const advice = findings.flatMap((finding) => (finding.advice ? [`${finding.check}: ${finding.advice}`] : []));
    const todo = advice.length > 0 ? ['', 'What to do:', ...advice.map((line) => `- ${line}`)] : [];
    const isWrong = findings.some(({ state }) => state === 'WRONG');
    const text = [tableOf(['check', 'state', 'how it is'], rows, 'nothing'), ...todo].join('\n');
    return { data: { sound: !isWrong, findings }, text, exitCode: isWrong ? 1 : 0 };
  },
});
