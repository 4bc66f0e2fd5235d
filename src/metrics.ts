import * as activity from './activity/metrics.js';
import * as assistant from './assistant/metrics.js';
import * as auth from './auth/metrics.js';
import * as billing from './billing/metrics.js';
import * as files from './files/metrics.js';
import * as llm from './llm/metrics.js';
import * as notifications from './notifications/metrics.js';
import type { MetricDefinition } from './platform/metric-definitions.js';
import * as privacy from './privacy/metrics.js';
import * as tasks from './tasks/metrics.js';

/** What the domains count, each in its own `metrics.ts`; what the machinery counts is in `platform/metrics.ts`. */
export const domainMetrics: readonly MetricDefinition[] = [
  activity,
  assistant,
  auth,
  billing,
  files,
  llm,
  notifications,
  tasks,
  privacy,
].flatMap((domain) => Object.values(domain));
