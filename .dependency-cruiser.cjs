const domains = ['activity', 'auth', 'notifications', 'billing', 'achievements', 'tasks', 'notes', 'assistant'];
const anyDomain = `^src/(${domains.join('|')})/`;
const kernel = '^src/(errors|context|transaction|input|page|scalars)\\.ts$';

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

/** The rules between rooms, as design says them. A test in test/laws runs this. */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'entities-know-little',
      comment: 'A row knows its siblings, the errors and the scalars.',
      severity: 'error',
      from: { path: '^entities/' },
      to: { path: '^(src|resolvers|jobs|infra|test|generated)/', pathNot: '^src/(errors|scalars)\\.ts$' },
    },
    {
      name: 'machinery-has-no-business',
      comment: 'Platform and gateways know no domain word.',
      severity: 'error',
      from: { path: '^src/(platform|gateways)/' },
      to: {
        path: '^(src|entities|resolvers|jobs|infra|test|generated)/',
        pathNot: '^src/(errors|config)\\.ts$|^src/(platform|gateways)/',
      },
    },
    {
      name: 'domains-are-the-middle',
      comment: 'Use cases know the kernel, entities and other domains; machinery and gateways come in through the context.',
      severity: 'error',
      from: { path: anyDomain },
      to: { path: '^(src|resolvers|jobs|infra|test|generated)/', pathNot: `${kernel}|${anyDomain}` },
    },
    {
      name: 'edges-translate',
      comment: 'Resolvers, jobs and routes parse, call one use case through its door, and leave.',
      severity: 'error',
      from: { path: '^(resolvers|jobs|src/http)/' },
      to: {
        path: '^(src|infra|test|generated)/',
        pathNot: `${kernel}|^src/(${domains.join('|')})/index\\.ts$|^src/http/`,
      },
    },
    {
      name: 'edges-do-not-meet',
      severity: 'error',
      from: { path: '^(resolvers|jobs|src/http)/' },
      to: { path: '^(resolvers|jobs|src/http)/', pathNot: '^$1/' },
    },
    {
      name: 'nobody-imports-tests',
      severity: 'error',
      from: { pathNot: '^(test|generated)/' },
      to: { path: '^(test|generated)/' },
    },
    {
      name: 'config-enters-once',
      comment: 'Everybody else is handed what they need.',
      severity: 'error',
      from: { pathNot: '^(src/(app|api|main|migrate|services)\\.ts|infra/|test/)' },
      to: { path: '^src/config\\.ts$' },
    },
    ...domainRules,
  ],
  options: {
    includeOnly: '^(src|entities|resolvers|jobs|infra|test|generated)/',
    tsPreCompilationDeps: true,
    parser: 'swc',
    tsConfig: { fileName: 'tsconfig.json' },
    moduleSystems: ['es6'],
  },
};
