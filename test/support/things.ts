import {
  ChatStream,
  CreateNote,
  CreateTask,
  ExportAccount,
  MySessions,
  Notifications,
  SendChatMessage,
  StartVoiceUpload,
} from '../../generated/documents.js';
import { deleteAndKeep, makeTask } from './actions.js';
import type { Harness } from './harness.js';
import type { Person } from './person.js';
import { makePro } from './pro.js';
import { proposeOne } from './proposals.js';

/** Kinds of things that an account has and a client can name. */
export type ThingKind =
  | 'task'
  | 'subtask'
  | 'reminder'
  | 'template'
  | 'deletedItem'
  | 'session'
  | 'notification'
  | 'conversation'
  | 'message'
  | 'note'
  | 'file'
  | 'action'
  | 'accountExport';

/** The id of one thing of each kind. */
export type Things = Readonly<Record<ThingKind, string>>;

/** One thing of each kind that this person has, in a world with `notifying`. The task has no subtasks. */
export async function makeThings(person: Person, world: Pick<Harness, 'sql' | 'model'>): Promise<Things> {
  const task = await makeTask(person);
  const recurring = await person.ok(CreateTask, {
    input: {
      title: 'x',
      recurrence: { rule: 'FREQ=DAILY' },
      subtasks: [{ title: 's' }],
      reminders: [{ type: 'AFTER', offsetMinutes: 60 }],
    },
  });
  const { subtasks, reminders, template } = recurring.createTask.task;
  const deletedItem = await deleteAndKeep(person, await makeTask(person));
  const { conversation, answer } = (await person.ok(SendChatMessage, { input: { content: 'x' } })).sendChatMessage;
  // It asks the model before anybody else does.
  for await (const _ of person.follow(ChatStream, { messageId: answer.id, after: 0 }));
  return {
    task,
    subtask: idOf(subtasks[0]),
    reminder: idOf(reminders[0]),
    template: idOf(template),
    deletedItem,
    session: idOf((await person.ok(MySessions, {})).mySessions[0]),
    notification: idOf((await person.ok(Notifications, {})).notifications.edges[0]?.node),
    conversation: conversation.id,
    message: answer.id,
    note: (await person.ok(CreateNote, { input: { content: 'x' } })).createNote.note.id,
    file: await makeUpload(person, world),
    action: (await proposeOne(world, person, 'create_note', { content: 'x' })).id,
    accountExport: (await person.ok(ExportAccount, {})).exportAccount.export.id,
  };
}

/** An upload that is awaited: for Pro, and with the credits that it holds. */
async function makeUpload(person: Person, world: Pick<Harness, 'sql' | 'model'>): Promise<string> {
  await makePro(person, world);
  const input = { contentType: 'audio/wav', seconds: 1, bytes: 1 };
  return (await person.ok(StartVoiceUpload, { input })).startVoiceUpload.uploadId;
}

function idOf(thing: { readonly id: string } | null | undefined): string {
  if (!thing) throw new Error('It was not made.');
  return thing.id;
}

/** Of which kind the thing is that each id names, by the id's place in the schema. */
export const kindAt: Readonly<Record<string, ThingKind>> = {
  // A pack is nobody's: anything of anybody's is none.
  'BuyCreditsInput.packId': 'task',
  'ActivityFilter.entityId': 'task',
  'AddReminderInput.taskId': 'task',
  'AddSubtaskInput.taskId': 'task',
  'CompleteTaskInput.id': 'task',
  'ConfirmActionInput.id': 'action',
  'ConvertNoteInput.id': 'note',
  'GenerateSubtasksInput.taskId': 'task',
  'DeleteConversationInput.id': 'conversation',
  'DeleteNoteInput.id': 'note',
  'DeleteTaskInput.id': 'task',
  'DeleteTaskTemplateInput.id': 'template',
  'EditQuestionInput.messageId': 'message',
  'EndSessionInput.id': 'session',
  'FinishVoiceUploadInput.uploadId': 'file',
  'MarkNotificationReadInput.id': 'notification',
  'Query.accountExport(id:)': 'accountExport',
  'Query.aiAction(id:)': 'action',
  'Query.conversation(id:)': 'conversation',
  'Query.note(id:)': 'note',
  'Query.task(id:)': 'task',
  'Query.taskTemplate(id:)': 'template',
  'RejectActionInput.id': 'action',
  'RateAnswerInput.messageId': 'message',
  'RegenerateAnswerInput.messageId': 'message',
  'RemoveReminderInput.id': 'reminder',
  'RemoveSubtaskInput.id': 'subtask',
  'ReopenTaskInput.id': 'task',
  'ReorderSubtasksInput.subtaskIds': 'subtask',
  'ReorderSubtasksInput.taskId': 'task',
  'RenameConversationInput.id': 'conversation',
  'RestoreDeletedInput.id': 'deletedItem',
  'RetryTranscriptionInput.id': 'note',
  'SendChatMessageInput.conversationId': 'conversation',
  'SendChatMessageInput.taskId': 'task',
  'StartFocusInput.taskId': 'task',
  'StopChatMessageInput.messageId': 'message',
  'Subscription.chatStream(messageId:)': 'message',
  'TaskFilter.templateId': 'template',
  'UndoActionInput.id': 'action',
  'UpdateNoteInput.id': 'note',
  'UpdateReminderInput.id': 'reminder',
  'UpdateSubtaskInput.id': 'subtask',
  'UpdateTaskInput.id': 'task',
  'UpdateTaskTemplateInput.id': 'template',
};

/** What to do where nobody has said what an id names. */
export function unknownKind(place: string): string {
  return `Say in \`kindAt\` of test/support/things.ts what ${place} names: '${place}': '…', one of ThingKind.`;
}
