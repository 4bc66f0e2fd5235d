export { addSubtask } from './add-subtask.js';
export { completeTask } from './complete-task.js';
export { createTask } from './create-task.js';
export { deleteTask } from './delete-task.js';
export { describeOpenTasks, describeTask } from './describe-tasks.js';
export { endFocus } from './focus/end-focus.js';
export type { FocusSessionRow } from './focus/focus-rows.js';
export { focusSeconds, readFocusSession } from './focus/focus-rows.js';
export { startFocus } from './focus/start-focus.js';
export { sweepFocus } from './focus/sweep-focus.js';
export { countTasks, listTasks, SortDirection, TaskOrderField } from './list-tasks.js';
export { taskNotifications } from './notify.js';
export { readTask } from './read-task.js';
export { addReminder } from './reminders/add-reminder.js';
export { fireDueReminders } from './reminders/fire-reminders.js';
export type { ReminderRow } from './reminders/reminder-rows.js';
export { remindersByTask, unsafeRemindersById } from './reminders/reminder-rows.js';
export { removeReminder } from './reminders/remove-reminder.js';
export { updateReminder } from './reminders/update-reminder.js';
export { removeSubtask } from './remove-subtask.js';
export { reopenTask } from './reopen-task.js';
export { reorderSubtasks } from './reorder-subtasks.js';
export { restoreTask } from './restore-task.js';
export type { SubtaskRow, TaskRow } from './task-rows.js';
export { subtasksByTask, unsafeSubtasksById, unsafeTasksById } from './task-rows.js';
export { createTaskTemplate } from './templates/create-template.js';
export { deleteTaskTemplate } from './templates/delete-template.js';
export { nextOccurrences } from './templates/next-occurrences.js';
export { previewRecurrence, templateRuleText } from './templates/preview-recurrence.js';
export { retryInstances } from './templates/retry-instances.js';
export { RecurrenceScope } from './templates/scope.js';
export type { TemplateReminderRow, TemplateSubtaskRow } from './templates/template-content.js';
export { remindersByTemplate, subtasksByTemplate } from './templates/template-content.js';
export type { TemplateRow } from './templates/template-rows.js';
export {
  countTaskTemplates,
  listTaskTemplates,
  readTaskTemplate,
  templateInstances,
  unsafeTemplatesById,
} from './templates/template-rows.js';
export { updateTaskTemplate } from './templates/update-template.js';
export { updateSubtask } from './update-subtask.js';
export { updateTask } from './update-task.js';
