/** The compiled ESM runs as it is: no transformer stands between what is tested and what is shipped. */
export default {
  testEnvironment: 'node',
  transform: {},
  testMatch: ['<rootDir>/dist/test/**/*.test.js'],
  modulePathIgnorePatterns: ['<rootDir>/.local'],
  globalSetup: '<rootDir>/dist/test/support/global-setup.js',
  globalTeardown: '<rootDir>/dist/test/support/global-teardown.js',
  testTimeout: 60_000,
  maxWorkers: 2,
  coverageProvider: 'v8',
  collectCoverageFrom: ['dist/{src,entities,resolvers,jobs}/**/*.js'],
  coverageReporters: ['text-summary', 'lcov'],
};
