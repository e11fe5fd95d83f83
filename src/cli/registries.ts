import { readFileSync } from 'node:fs';
import process from 'node:process';

import { readCredentials } from '../evidence/registry-credentials.ts';
import type { RegistryAccess } from '../evidence/registry-evidence.ts';
import { UsageError } from './output.ts';

/**
 * The registries that a command may ask: none unless the caller names them. Credentials and the
 * Sigstore trust root come from files that the environment names.
 *
 * @param given as on the command line; the environment's `REGISTRY_HOSTS` where absent
 */
export function registriesOf(
  given: string | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): RegistryAccess {
  const hosts = (given ?? environment.REGISTRY_HOSTS ?? '')
    .split(',')
    .map((host) => host.trim().toLowerCase())
    .filter((host) => host !== '');
  const wrong = hosts.find((host) => !/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d+)?$/.test(host));
  if (wrong !== undefined) {
    throw new UsageError(`${JSON.stringify(wrong)} is no host of a registry, such as ghcr.io.`);
  }
  if (hosts.length === 0) return { hosts };
  const credentials = readGiven('REGISTRY_CREDENTIALS', environment, readCredentials);
  const trust = readGiven('SIGSTORE_TRUSTED_ROOT', environment, (text) => text);
  return { hosts, ...(credentials && { credentials }), ...(trust !== undefined && { trust }) };
}

function readGiven<T>(
  variable: string,
  environment: NodeJS.ProcessEnv,
  read: (text: string) => T,
): T | undefined {
  const path = environment[variable];
  if (path === undefined || path === '') return undefined;
  try {
    return read(readFileSync(path, 'utf8'));
  } catch (error) {
    const why = error instanceof TypeError ? ` ${error.message}` : '';
    throw new UsageError(`The file that ${variable} names cannot be read.${why}`);
  }
}
