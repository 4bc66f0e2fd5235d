import { AppError } from '../../kernel/errors.js';

/** Which browsers' origins may call. */
export interface OriginRules {
  /** `https://app.example.com`, as browsers write them. */
  readonly origins: readonly string[];
  /** Whether pages of this machine may, whatever their port. */
  readonly loopback: boolean;
}

/** Whether a browser's page may call: its `Origin` header is asked. */
export type IsOriginAllowed = (origin: string) => boolean;

/** @see https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Origin */
export function allowedOrigins({ origins, loopback }: OriginRules): IsOriginAllowed {
  const named = new Set(origins);
  return (origin) => named.has(origin) || (loopback && isLoopback(origin));
}

function isLoopback(origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { hostname, protocol } = new URL(origin);
  const isLocal =
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127\.[\d.]+$/.test(hostname);
  return isLocal && (protocol === 'http:' || protocol === 'https:');
}

/** The refusal of a preflight: those of origins that may call are answered before any route. */
export function preflightRefused(): AppError {
  return new AppError('FORBIDDEN', 'Pages of this origin may not call this API.');
}
