export { tasksTables } from './account-tables.js';
export {
  addSubtasksAction,
  completeTaskAction,
  updateTaskAction,
} from './actions/change-task-actions.js';
export { createTaskAction, TaskProposal } from './actions/create-task-action.js';
export { addSubtask, addSubtaskErrors } from './add-subtask.js';
export { subtaskRoom } from './capacity.js';
export { completeTask, completeTaskErrors } from './complete-task.js';
export { createTask, createTaskErrors } from './create-task.js';
export { deleteTask, deleteTaskErrors } from './delete-task.js';
export { describeOpenTasks, describeTask } from './describe-tasks.js';
export { endFocus } from './focus/end-focus.js';
export type { FocusSessionRow } from './focus/focus-rows.js';
export { focusSeconds, readFocusSession } from './focus/focus-rows.js';
export { startFocus, startFocusErrors } from './focus/start-focus.js';
export { sweepFocus } from './focus/sweep-focus.js';
export { countTasks, listTasks, listTasksErrors, SortDirection, TaskOrderField } from './list-tasks.js';
export { taskNotifications } from './notify.js';
export { readTask, readTaskErrors } from './read-task.js';
export { addReminder, addReminderErrors } from './reminders/add-reminder.js';
export { fireDueReminders } from './reminders/fire-reminders.js';
export type { ReminderRow } from './reminders/reminder-rows.js';
export { remindersByTask, unsafeRemindersById } from './reminders/reminder-rows.js';
export { removeReminder, removeReminderErrors } from './reminders/remove-reminder.js';
export { updateReminder, updateReminderErrors } from './reminders/update-reminder.js';
export { removeSubtask, removeSubtaskErrors } from './remove-subtask.js';
export { reopenTask, reopenTaskErrors } from './reopen-task.js';
export { reorderSubtasks, reorderSubtasksErrors } from './reorder-subtasks.js';
export { restoreTask } from './restore-task.js';
export { isPossibleDueDate, maxSubtaskTitleLength, maxTitleLength } from './task-input.js';
export type { SubtaskRow, TaskRow } from './task-rows.js';
export { subtasksByTask, unsafeSubtasksById, unsafeTasksById } from './task-rows.js';
export { retryWithRoom } from './templates/continue-series.js';
export { createTaskTemplate, createTaskTemplateErrors } from './templates/create-template.js';
export { deleteTaskTemplate, deleteTaskTemplateErrors } from './templates/delete-template.js';
export { nextOccurrences, nextOccurrencesErrors } from './templates/next-occurrences.js';
export { previewRecurrence, previewRecurrenceErrors, templateRuleText } from './templates/preview-recurrence.js';
export { retryInstances } from './templates/retry-instances.js';
export { RecurrenceScope } from './templates/scope.js';
export type { TemplateReminderRow, TemplateSubtaskRow } from './templates/template-content.js';
export { remindersByTemplate, subtasksByTemplate } from './templates/template-content.js';
export type { TemplateRow } from './templates/template-rows.js';
export {
  countTaskTemplates,
  listTaskTemplates,
  listTaskTemplatesErrors,
  readTaskTemplate,
  readTaskTemplateErrors,
  templateInstances,
  templateInstancesErrors,
  unsafeTemplatesById,
} from './templates/template-rows.js';
export { updateTaskTemplate, updateTaskTemplateErrors } from './templates/update-template.js';
export { updateSubtask, updateSubtaskErrors } from './update-subtask.js';
export { updateTask, updateTaskErrors } from './update-task.js';
