import { registerEnumType } from 'type-graphql';

/** How much a task matters. */
export enum Priority {
  LOW = 'LOW',
  MEDIUM = 'MEDIUM',
  HIGH = 'HIGH',
}
registerEnumType(Priority, {
  name: 'Priority',
  description: 'How much a task matters.',
  valuesConfig: {
    LOW: { description: 'Can wait for others.' },
    MEDIUM: { description: 'What a task has when nothing is said.' },
    HIGH: { description: 'To be done before others.' },
  },
});
