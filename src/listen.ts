import type { FastifyInstance } from 'fastify';
import { ConfigError } from './config.js';
import { errorCodeOf } from './platform/error-code.js';

/** Where a server listens, and the variables that say so. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  /** Put before `HOST` and `PORT` in the names of the variables. */
  readonly prefix?: 'OPERATIONS_';
}

/** @throws ConfigError when the address is not to be had */
export async function listen(fastify: FastifyInstance, { host, port, prefix }: ListenAddress): Promise<void> {
  try {
    await fastify.listen({ host, port });
  } catch (error) {
    const [hostName, portName] = [`${prefix ?? ''}HOST`, `${prefix ?? ''}PORT`];
    const faults = new Map<string | null, string>([
      ['EADDRINUSE', `${portName}: ${port} is taken on ${host}`],
      ['EACCES', `${portName}: ${port} is not for this user`],
      ['EADDRNOTAVAIL', `${hostName}: ${host} is no address of this machine`],
      ['ENOTFOUND', `${hostName}: ${host} is not known`],
      ['EAI_AGAIN', `${hostName}: ${host} is not known`],
    ]);
    const fault = faults.get(errorCodeOf(error));
    throw fault ? new ConfigError(fault, { cause: error }) : error;
  }
}

const thisMachine: ReadonlySet<string> = new Set(['127.0.0.1', '::1', '0.0.0.0', '::']);

/** This machine is called by its name: to a browser, a page of http://localhost:5173 and 127.0.0.1 are two sites. */
export function urlOf({ server }: FastifyInstance, host: string): string {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : '';
  return `http://${thisMachine.has(host) ? 'localhost' : host}:${port}`;
}
