/** The compiled ESM runs as it is: no transformer stands between what is tested and what is shipped. */
export default {
  testEnvironment: '<rootDir>/dist/test/support/environment.js',
  transform: {},
  testMatch: ['<rootDir>/dist/test/**/*.test.js'],
  modulePathIgnorePatterns: ['<rootDir>/.local'],
  testSequencer: '<rootDir>/test/support/by-name.js',
  globalSetup: '<rootDir>/dist/test/support/global-setup.js',
  globalTeardown: '<rootDir>/dist/test/support/global-teardown.js',
  // Only what hangs takes so long: a machine may be several times slower than most.
  testTimeout: 180_000,
  // No test depends on one before it; the seed is printed, and `--seed` repeats it.
  randomize: true,
  // One more than the cores of a small machine, since tests wait now and then: more of them only take turns.
  maxWorkers: 3,
  // A worker whose heap holds hundreds of modules takes longer than the usual half second to end on a busy machine.
  workerGracefulExitTimeout: 10_000,
  // Counts statements of ours alone; V8's counts bytes, and slows down every module of every package.
  coverageProvider: 'babel',
  collectCoverageFrom: ['dist/{src,entities,resolvers,jobs}/**/*.js'],
  coverageThreshold: { global: { statements: 95 } },
  coverageReporters: ['text-summary', 'lcovonly'],
};
