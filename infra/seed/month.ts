/** A task of the sample month. Days are counted from today: -30 is the first. Times are UTC. */
export interface SampleTask {
  readonly title: string;
  readonly made: number;
  /** Days on which it was completed; of a series its open instance. */
  readonly done?: readonly number[];
  /** Minutes of focus before each completion. */
  readonly focus?: number;
  /** Days from its making to its due date. */
  readonly dueIn?: number;
  readonly description?: string;
  readonly priority?: 'LOW' | 'HIGH';
  readonly tags?: readonly string[];
  readonly estimatedMinutes?: number;
  readonly subtasks?: readonly string[];
  /** Subtasks that were completed, by day. */
  readonly ticked?: Readonly<Record<string, number>>;
  readonly rule?: string;
  /** Minutes before it is due. */
  readonly remindBefore?: number;
}

const days = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

export const tasks: readonly SampleTask[] = [
  {
    title: 'Stretch for ten minutes',
    made: -13,
    done: days(-13, -1),
    rule: 'FREQ=DAILY;BYHOUR=7',
    tags: ['health'],
    estimatedMinutes: 10,
  },
  {
    title: 'Water the plants',
    made: -29,
    done: [-27, -20, -13, -6],
    rule: 'FREQ=WEEKLY;BYDAY=MO;BYHOUR=9',
    tags: ['home'],
  },
  {
    title: 'Plan the week',
    made: -29,
    done: [-24, -17, -10, -3],
    focus: 25,
    rule: 'FREQ=WEEKLY;BYDAY=SU;BYHOUR=18',
    tags: ['planning'],
    estimatedMinutes: 30,
    subtasks: ['Look at the calendar', 'Choose three things that matter'],
  },
  {
    title: 'Pay the rent',
    made: -28,
    rule: 'FREQ=MONTHLY;BYMONTHDAY=1;BYHOUR=9',
    priority: 'HIGH',
    tags: ['home'],
    remindBefore: 1_440,
  },
  {
    title: 'Write the brief for the new website',
    made: -29,
    done: [-26],
    focus: 70,
    dueIn: 4,
    priority: 'HIGH',
    tags: ['work', 'website'],
    estimatedMinutes: 120,
    subtasks: ['Outline', 'First draft', 'Ask Charles for comments'],
    remindBefore: 60,
  },
  { title: 'Book a dentist appointment', made: -28, done: [-25], tags: ['health'], estimatedMinutes: 10 },
  { title: 'Return the library books', made: -27, done: [-22], dueIn: 6, tags: ['errands'], remindBefore: 120 },
  {
    title: 'Compare three hosting offers',
    made: -25,
    done: [-23],
    focus: 40,
    tags: ['work', 'website'],
    estimatedMinutes: 60,
  },
  { title: 'Fix the squeaking door', made: -24, done: [-18], priority: 'LOW', tags: ['home'] },
  {
    title: 'Send the monthly invoice',
    made: -21,
    done: [-21],
    priority: 'HIGH',
    tags: ['work', 'money'],
    estimatedMinutes: 15,
  },
  {
    title: 'Prepare the talk about the Analytical Engine',
    made: -20,
    done: [-11],
    focus: 95,
    dueIn: 10,
    priority: 'HIGH',
    tags: ['work', 'talk'],
    estimatedMinutes: 180,
    description: 'Twenty minutes and questions. Begin with the loom, end with the notes.',
    subtasks: ['Collect examples', 'Make the slides', 'Rehearse twice', 'Send the slides'],
    ticked: { 'Collect examples': -17, 'Make the slides': -13 },
    remindBefore: 180,
  },
  { title: 'Buy a birthday present for Anne', made: -16, done: [-12], dueIn: 5, tags: ['family', 'errands'] },
  {
    title: 'Renew the passport',
    made: -15,
    done: [-8],
    tags: ['errands'],
    subtasks: ['Take a picture', 'Fill in the form'],
    ticked: { 'Take a picture': -10 },
  },
  {
    title: 'Read the paper on Bernoulli numbers',
    made: -14,
    done: [-9],
    focus: 50,
    tags: ['reading'],
    estimatedMinutes: 90,
  },
  {
    title: 'Clean up the inbox',
    made: -7,
    done: [-7],
    focus: 20,
    priority: 'LOW',
    tags: ['work'],
    estimatedMinutes: 30,
  },
  {
    title: 'Sketch the landing page',
    made: -6,
    done: [-4],
    focus: 65,
    tags: ['work', 'website'],
    estimatedMinutes: 90,
  },
  { title: 'Call the insurance', made: -5, done: [-2], tags: ['money'], estimatedMinutes: 20 },
  {
    title: 'Move the website to the new host',
    made: -4,
    dueIn: 7,
    priority: 'HIGH',
    tags: ['work', 'website'],
    estimatedMinutes: 240,
    description: 'The offer of the second one, with the certificate included.',
    subtasks: ['Copy the database', 'Point the domain', 'Check all forms', 'Cancel the old contract'],
    ticked: { 'Copy the database': -1 },
    remindBefore: 120,
  },
  { title: 'Renew the gym membership', made: -4, dueIn: 3, tags: ['health', 'money'], remindBefore: 1_440 },
  {
    title: 'Plan the trip to Turin',
    made: -3,
    dueIn: 21,
    tags: ['travel'],
    subtasks: ['Find a train', 'Book a room', 'Write to Luigi'],
    ticked: { 'Find a train': -1 },
  },
  { title: 'Learn ten new chords', made: -2, priority: 'LOW', tags: ['music'], estimatedMinutes: 60 },
  { title: 'Write the thank-you letters', made: -1, dueIn: 4, tags: ['family'] },
];

/** A note of the sample month, written on a day. */
export interface SampleNote {
  readonly day: number;
  readonly content: string;
  readonly isArchived?: boolean;
  /** The task that it was turned into. */
  readonly task?: object;
  /** How long it took to be spoken; not given for one that was typed. */
  readonly seconds?: number;
}

export const notes: readonly SampleNote[] = [
  {
    day: -24,
    content: 'Babbage: “as soon as an Analytical Engine exists, it will guide the future course of science.”',
  },
  { day: -15, content: 'Gift for Mary: the book on bridges, or two tickets for the observatory', isArchived: true },
  { day: -9, content: 'Soup\n- 3 leeks\n- 2 potatoes\n- cream\nTwenty minutes, then blend.' },
  {
    day: -6,
    content:
      'Reminder to myself: ask Charles for the drawings of the mill before the talk in Turin, and whether the carry works in one turn.',
    seconds: 9,
  },
  {
    day: -5,
    content: 'The kitchen tap drips again, call the plumber this week',
    task: { title: 'Call the plumber', description: 'The kitchen tap drips again.', priority: 'MEDIUM', dueDate: null },
  },
  { day: -2, content: 'Idea: a table of what a week really takes, beside what I thought it would' },
];

/** A question with its answer. */
export interface SampleTurn {
  readonly question: string;
  readonly answer: string;
  /** What the answer proposes, and whether its user has confirmed it; otherwise it waits. */
  readonly proposes?: { readonly tool: string; readonly arguments: object };
  readonly isConfirmed?: boolean;
}

/** Conversations: questions with their answers, on a day. */
export const conversations: readonly { readonly day: number; readonly turns: readonly SampleTurn[] }[] = [
  {
    day: -20,
    turns: [
      {
        question: 'How do I prepare a talk of twenty minutes?',
        answer:
          'Begin with the one sentence that people should remember. Collect three examples that lead to it, make a slide for each, and rehearse aloud twice: once for the order, once for the time.',
      },
      {
        question: 'I have ten days. What first?',
        answer:
          'Collect the examples in the first three days, make the slides by the end of the week, and keep the last two days for rehearsing. “Prepare the talk about the Analytical Engine” has these as subtasks already.',
      },
    ],
  },
  {
    day: -4,
    turns: [
      {
        question: 'What could go wrong when I move the website?',
        answer:
          'Three things, mostly: the domain points to the new host before the data is there, forms send to an old address, and the certificate is missing. Copy first, check on the new address, and only then point the domain.',
      },
      {
        question: 'Remind me to check the forms, please.',
        answer: 'I would put that on your list.',
        proposes: {
          tool: 'create_task',
          arguments: {
            title: 'Check the forms of the website at the new address',
            tags: ['work'],
            estimatedMinutes: 20,
          },
        },
        isConfirmed: true,
      },
    ],
  },
  {
    day: 0,
    turns: [
      {
        question: 'Where do I start today?',
        answer:
          'Point the domain for “Move the website to the new host”, since the database is copied: it moves everything else. Then book the room in Turin, which takes ten minutes. Shall I write down what to look for in a room?',
        proposes: {
          tool: 'create_note',
          arguments: { content: 'Room in Turin\n- near the academy\n- a desk with light\n- from Monday to Thursday' },
        },
      },
    ],
  },
];
