const domains = [
  ...['accounts', 'activity', 'auth', 'notifications', 'billing', 'files', 'llm', 'achievements', 'tasks', 'notes'],
  ...['assistant', 'privacy'],
];
const anyDomain = `^src/(${domains.join('|')})/`;
const doors = `^src/(${domains.join('|')})/index\\.ts$`;
const kernel = '^src/kernel/';
/** The kernel without transactions: an edge that opens one does a use case's work. */
const kernelOfEdges =
  '^src/kernel/(errors|context|input|cursor|page|child-pages|rows|scalars|text|jobs)\\.ts$|^src/events/index\\.ts$';
/** What a surface of HTTP is made of. */
const surfacePieces = '^src/platform/http/(surface|bodies|error-answers|left-clients|refusal)\\.ts$';
const ours = '^(src|entities|resolvers|jobs|infra|test|generated)/';

/** A domain may call those above it in the list, and only through their door. */
const domainRules = domains.flatMap((domain, index) => {
  const below = domains.slice(index + 1);
  const others = domains.filter((other) => other !== domain);
  return [
    ...(below.length > 0
      ? [
          {
            name: `${domain}-calls-upwards-only`,
            comment: 'News travels downwards as an event; a call would make a cycle.',
            severity: 'error',
            from: { path: `^src/${domain}/` },
            to: { path: `^src/(${below.join('|')})/` },
          },
        ]
      : []),
    {
      name: `${domain}-uses-doors`,
      comment: "Another domain's inside is its own affair: import its index.",
      severity: 'error',
      from: { path: `^src/${domain}/` },
      to: { path: `^src/(${others.join('|')})/(?!index\\.ts$)` },
    },
  ];
});

const onlyKnow = (name, files, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: `^src/(${files})\\.ts$` },
  to: { path: ours, pathNot: allowed },
});

/** The kernel is used by every room, so it knows next to nothing of them. */
const kernelRules = [
  onlyKnow('leaves-know-nothing', 'kernel/(errors|scalars|text)', '^$', 'Everybody may use them, so they use nobody.'),
  onlyKnow('config-knows-itself', 'config[a-z-]*', '^src/config-\\w+\\.ts$', 'It is read before anything else.'),
  onlyKnow(
    'pieces-know-the-kernel',
    'kernel/(input|cursor|page|child-pages|rows|sweep)',
    kernel,
    'Pieces for the edges of every domain.',
  ),
  onlyKnow(
    'context-knows-no-domain',
    'kernel/[a-z-]+',
    `${kernel}|^entities/|^src/(platform|providers)/`,
    'The struct that carries machinery to the use cases; use cases know it, not the other way.',
  ),
  onlyKnow('events-know-no-domain', 'events/\\w+', `${kernel}|^entities/|^src/events/`, 'All domains speak of them.'),
  onlyKnow('subscribers-use-doors', 'subscribers', `${kernel}|${doors}|^entities/`, 'Which event makes whom act.'),
];

/** The rules between rooms, as design says them. A test in test/laws runs this. */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle means a missing event or a missing domain. Types count.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'entities-know-little',
      comment: 'A row knows its siblings, the errors and the scalars.',
      severity: 'error',
      from: { path: '^entities/' },
      to: { path: '^(src|resolvers|jobs|infra|test|generated)/', pathNot: '^src/kernel/(errors|scalars)\\.ts$' },
    },
    {
      name: 'machinery-has-no-business',
      comment: 'Platform and providers know no domain word.',
      severity: 'error',
      from: { path: '^src/(platform|providers)/' },
      to: {
        path: ours,
        pathNot: '^src/(kernel/errors|kernel/text|config)\\.ts$|^src/(platform|providers)/',
      },
    },
    {
      name: 'domains-are-the-middle',
      comment:
        'Use cases know the kernel, entities and other domains; machinery and providers come in through the context.',
      severity: 'error',
      from: { path: anyDomain },
      to: { path: '^(src|resolvers|jobs|infra|test|generated)/', pathNot: `${kernel}|${anyDomain}|^src/events/` },
    },
    {
      name: 'edges-translate',
      comment: 'Resolvers, jobs and routes parse, call one use case through its door, and leave.',
      severity: 'error',
      from: { path: '^(resolvers|jobs)/' },
      to: { path: '^(src|infra|test|generated)/', pathNot: `${kernelOfEdges}|${doors}` },
    },
    {
      name: 'routes-translate',
      comment: 'The same for HTTP, whose surfaces say which bodies they take and how their errors are worded.',
      severity: 'error',
      from: { path: '^src/http/' },
      to: { path: '^(src|infra|test|generated)/', pathNot: `${kernelOfEdges}|${doors}|^src/http/|${surfacePieces}` },
    },
    {
      name: 'commands-translate',
      comment: 'The same for what operators type: a command calls use cases, and prints.',
      severity: 'error',
      from: { path: '^src/admin/' },
      to: { path: '^(src|infra|test|generated)/', pathNot: `${kernelOfEdges}|${doors}|^src/admin/` },
    },
    {
      name: 'edges-do-not-meet',
      comment: 'A request, a job, a route and a command are doors to the same rooms, not to each other.',
      severity: 'error',
      from: { path: '^(resolvers|jobs|src/http|src/admin)/' },
      to: { path: '^(resolvers|jobs|src/http|src/admin)/', pathNot: '^$1/' },
    },
    {
      name: 'resolvers-keep-to-their-folder',
      comment: 'What two domains share in GraphQL lies in resolvers/ itself, or is an entity.',
      severity: 'error',
      from: { path: '^resolvers/([^/]+)/' },
      to: { path: '^resolvers/[^/]+/', pathNot: '^resolvers/$1/' },
    },
    ...kernelRules,
    {
      name: 'rooms-are-known',
      comment: 'A new domain takes its place in the list above; without one, no rule would hold for it.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: `^src/(kernel|events|platform|providers|http|admin|doctor)/|${anyDomain}` },
      to: {},
    },
    {
      name: 'nobody-imports-tests',
      comment: 'Neither tests nor what is generated for them and for clients.',
      severity: 'error',
      from: { pathNot: '^(test|generated)/' },
      to: { path: '^(test|generated)/' },
    },
    {
      name: 'generated-stands-alone',
      comment: 'It is taken over by clients as it is.',
      severity: 'error',
      from: { path: '^generated/' },
      to: { path: ours, pathNot: '^generated/' },
    },
    {
      name: 'embedded-postgres-stands-alone',
      comment: 'It could be a package of its own.',
      severity: 'error',
      from: { path: '^infra/postgres/' },
      to: { path: ours, pathNot: '^infra/postgres/' },
    },
    {
      name: 'config-enters-once',
      comment: 'Everybody else is handed what they need.',
      severity: 'error',
      from: {
        pathNot:
          '^(src/(admin|app|api|graphql-api|listen|main|migrate|operations-port|providers|reachable|request-context|services|config[a-z-]*)\\.ts|src/doctor/|infra/|test/)',
      },
      to: { path: '^src/config[a-z-]*\\.ts$' },
    },
    ...domainRules,
  ],
  options: {
    includeOnly: ours,
    // Its SWC parser knows no JSX; what stands there is a client, and reaches us over the network.
    exclude: '\\.tsx$',
    // TypeScript 7 has no API to parse with. SWC sees type-only imports too, but not `import('./x.js').T` inside a type.
    tsPreCompilationDeps: true,
    parser: 'swc',
    tsConfig: { fileName: 'tsconfig.json' },
    moduleSystems: ['es6'],
  },
};
