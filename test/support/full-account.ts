import { randomUUID } from 'node:crypto';
import {
  AddReminder,
  CompleteTask,
  ConfirmAction,
  CreateNote,
  CreateTask,
  CreateTaskTemplate,
  DeleteTask,
  EditQuestion,
  EndFocus,
  GenerateSubtasks,
  RateAnswer,
  RegisterPushSubscription,
  RenameConversation,
  StartFocus,
  UpdateProfile,
} from '../../generated/documents.js';
import { dayMs } from '../../src/kernel/days.js';
import { eventually, type Harness, json, postJson } from './harness.js';
import { Payer } from './payers.js';
import { Person, type Session } from './person.js';
import { makePro } from './pro.js';
import { askWith, proposeOne } from './proposals.js';
import { record, wav } from './recordings.js';

/** Who somebody is at Google, with a word of their own in everything that Google says. */
export interface Identity {
  readonly email: string;
  readonly name: string;
  readonly sub: string;
  readonly picture: string;
}

export function identityOf(word: string): Identity {
  return {
    email: `${word}@example.com`,
    name: `Ada ${word}`,
    sub: `sub-${word}`,
    picture: `https://example.com/${word}.png`,
  };
}

/** Signs somebody in with a word of their own in the name of their browser. */
export async function signInAs(world: Harness, identity: Identity, word: string): Promise<Person> {
  const { idToken } = await world.idToken(identity);
  const response = await postJson(`${world.url}/api/v1/auth/google`, { idToken }, { 'user-agent': `Browser ${word}` });
  return new Person(world.url, await json<Session>(response), world.log);
}

/**
 * Somebody on Pro who has used everything that an account can hold, with a word of their own in each text that they, or a
 * provider on their behalf, could write. In a world whose worker runs.
 */
export async function fillAccount(world: Harness, word: string): Promise<Person> {
  const ada = await signInAs(world, identityOf(word), word);
  await makePro(ada, world);
  await ada.ok(UpdateProfile, { input: { preferences: { [word]: word }, timeZone: 'Europe/London' } });
  const browser = await world.push.subscribe();
  const { p256dh, auth } = browser;
  await ada.ok(RegisterPushSubscription, { input: { endpoint: `${browser.endpoint}?${word}`, p256dh, auth } });
  await fillTasks(world, ada, word);
  await fillNotes(world, ada, word);
  await fillConversations(world, ada, word);
  await fillPayments(world, ada);
  await ada.leave();
  return ada;
}

async function fillPayments(world: Harness, ada: Person): Promise<void> {
  const payer = new Payer(world, ada);
  await payer.becomePro();
  await payer.pay(await payer.startBuying());
}

async function fillTasks(world: Harness, ada: Person, word: string): Promise<void> {
  const texts = { title: `Task ${word}`, description: `About ${word}`, tags: [word.slice(0, 30)] };
  const steps = { subtasks: [{ title: `Step ${word}` }] };
  const due = new Date(world.clock.now().getTime() + dayMs).toISOString();
  const { task } = (await ada.ok(CreateTask, { input: { ...texts, ...steps, dueDate: due } })).createTask;
  const at = new Date(world.clock.now().getTime() + 60_000).toISOString();
  await ada.ok(AddReminder, { input: { taskId: task.id, type: 'ABSOLUTE', at, method: 'PUSH' } });
  await ada.ok(StartFocus, { input: { taskId: task.id } });
  await ada.ok(EndFocus, {});
  const reminders = [{ type: 'AFTER' as const, offsetMinutes: 60 }];
  const recurrence = { rule: 'FREQ=DAILY' };
  const recurring = await ada.ok(CreateTask, { input: { ...texts, ...steps, recurrence, reminders } });
  const { id, version } = recurring.createTask.task;
  await ada.ok(CompleteTask, { input: { id, version, force: true } });
  await ada.ok(CreateTaskTemplate, { input: { ...texts, ...steps, ...recurrence, reminders } });
  const gone = (await ada.ok(CreateTask, { input: { ...texts, ...steps } })).createTask.task;
  await ada.ok(DeleteTask, { input: { id: gone.id, version: gone.version } });
  await world.model({ json: { subtasks: [{ title: `Outline ${word}`, estimatedMinutes: null }] }, times: 1 });
  await ada.ok(GenerateSubtasks, { input: { taskId: task.id } });
  world.clock.advance(61_000);
  await world.runJobs('tasks.fire-reminders');
  await eventually(
    () => world.sql('select from notifications.push_delivery'),
    (rows) => rows.length > 0,
  );
}

async function fillNotes(world: Harness, ada: Person, word: string): Promise<void> {
  const key = { 'idempotency-key': `${randomUUID()}-${word}`, 'x-request-id': `request-${word}` };
  await ada.ok(CreateNote, { input: { content: `Note ${word}` } }, key);
  await world.speech({ transcript: `Said ${word}` });
  const sound = wav(2);
  sound.write(word, sound.length - 1_000);
  await record(ada, sound);
  await eventually(
    () => world.sql('select from notes.recording where transcript is not null'),
    (rows) => rows.length > 0,
  );
}

async function fillConversations(world: Harness, ada: Person, word: string): Promise<void> {
  const said = { text: `Answer ${word}`, content: `Question ${word}` };
  const events = await askWith(world, ada, [], said);
  const messageId = events.flatMap((each) => (each.__typename === 'ChatFinished' ? [each.message.id] : []))[0] ?? '';
  await ada.ok(RateAnswer, { input: { messageId, rating: 'GOOD', feedback: `Fine, ${word}` } });
  const [question] = await world.sql<{ id: string; conversationId: string }>(
    `select id, conversation_id as "conversationId" from assistant.chat_message where account_id = $1 and role = 'USER'`,
    [ada.id],
  );
  if (!question) throw new Error('There is no question.');
  await ada.ok(RenameConversation, { input: { id: question.conversationId, title: `Talk ${word}` } });
  await world.model({ text: `Other answer ${word}`, tokensPerSecond: 0, times: 1 });
  await ada.ok(EditQuestion, { input: { messageId: question.id, content: `Edited ${word}` } });
  await eventually(
    () => world.sql(`select from assistant.chat_message where state = 'STREAMING'`),
    (rows) => rows.length === 0,
  );
  const made = await proposeOne(world, ada, 'create_task', { title: `Proposed ${word}` });
  await ada.ok(ConfirmAction, { input: { id: made.id } });
  await proposeOne(world, ada, 'create_note', { content: `Noted ${word}` });
}
