import { z } from 'zod';
import { actAsOperator } from '../../activity/index.js';
import { counted } from '../../kernel/text.js';
import { exportInto } from '../../privacy/index.js';
import { actOf, defineCommand, typedUser } from '../command.js';
import { folderSink } from '../folder-sink.js';
import { userOf } from '../users.js';

export const exportUser = defineCommand({
  name: 'export',
  says: 'Writes everything that is held of an account into a folder, as JSON and files.',
  words: ['user', 'folder'],
  input: z.strictObject({ user: typedUser, folder: z.string().min(1, 'must be a path') }),
  changes: true,
  run: async (session, { user: named, folder }) => {
    const { ctx, user } = await userOf(session, named);
    const sink = await folderSink(folder);
    // Who looks at somebody's data is on record before they do.
    await actAsOperator(ctx, actOf(session, 'ACCOUNT_EXPORTED'), async () => ({}));
    await exportInto(ctx, user.id, sink);
    const data = { user: user.id, folder, files: sink.files };
    return { data, text: `${user.id}: ${counted(sink.files.length, 'file')} in ${folder}` };
  },
});
