import type { FieldPath } from '../../model/field-path.ts';
import { matches } from './field-pattern.ts';
import {
  type ConfigurationError,
  type ConfigurationReading,
  readPodSecurityConfiguration,
  strictErrors,
} from './pod-security-configuration.ts';

/** What stands for a file without a single byte, which is not an empty document. */
export const EMPTY_FILE = Symbol('empty file');

const LEGACY = ['imagePolicy', 'podNodeSelectorPluginConfig'];

const VERSIONS = ['apiserver.config.k8s.io/v1', 'apiserver.k8s.io/v1alpha1'];

/**
 * Reads a `PodSecurityConfiguration`, alone or as the plugin of an `AdmissionConfiguration`, as an
 * API server does when it starts: strictly, and never by halves. A configuration without the
 * plugin is the default: everything privileged, nobody exempt.
 *
 * @param value the file as a plain JSON value. Attacker-controlled, as everything in a repository.
 * @param load the value of another file that the configuration names, by a path relative to its
 *   own; undefined when there is none
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/enforce-standards-admission-controller/
 */
export function readAdmissionConfiguration(
  value: unknown,
  load: (path: string) => unknown = () => undefined,
): ConfigurationReading {
  const kind = matches(value, 'kind')[0]?.value;
  // The files of two other plugins from before there was a kind are still taken, for these alone.
  const isLegacy = LEGACY.some((field) => matches(value, field).length > 0);
  const apiVersion = matches(value, 'apiVersion')[0]?.value;
  if (isLegacy && !(kind && apiVersion)) return readPodSecurityConfiguration(undefined);
  if (kind === 'PodSecurityConfiguration') return readPodSecurityConfiguration(value);
  if (kind !== 'AdmissionConfiguration') {
    const message =
      'kind must be PodSecurityConfiguration or AdmissionConfiguration; one that stands inside of something else is not read';
    return { configuration: undefined, errors: [{ path: ['kind'], message }] };
  }
  const errors = strictErrors(value, kind, VERSIONS);
  return errors.length > 0 ? { configuration: undefined, errors } : readPlugin(value, load);
}

function readPlugin(value: unknown, load: (path: string) => unknown): ConfigurationReading {
  const plugin = matches(value, 'plugins[*]').find(
    ({ value: item }) => matches(item, 'name')[0]?.value === 'PodSecurity',
  );
  if (plugin === undefined) return readPodSecurityConfiguration(undefined);
  const [inline] = matches(plugin.value, 'configuration');
  if (inline && inline.value !== null) {
    const path = [...plugin.path, 'configuration'];
    return placed(readPodSecurityConfiguration(inline.value), (error) => ({
      ...error,
      path: [...path, ...error.path],
    }));
  }
  const file = matches(plugin.value, 'path')[0]?.value;
  if (typeof file !== 'string' || file === '') return readPodSecurityConfiguration(undefined);
  return readFile(file, [...plugin.path, 'path'], load(file));
}

function readFile(file: string, path: FieldPath, content: unknown): ConfigurationReading {
  if (content === undefined) {
    const name = JSON.stringify(file);
    const error = file.startsWith('/')
      ? {
          message: `${name} is a file of the node; name the file of this repository that becomes it`,
          isElsewhere: true as const,
        }
      : { message: `there is no file ${name} beside this one` };
    return { configuration: undefined, errors: [{ path, ...error }] };
  }
  if (content === EMPTY_FILE) return readPodSecurityConfiguration(undefined);
  return placed(readPodSecurityConfiguration(content), (error) => ({ ...error, file }));
}

function placed(
  { configuration, errors }: ConfigurationReading,
  place: (error: ConfigurationError) => ConfigurationError,
): ConfigurationReading {
  return configuration
    ? { configuration, errors: [] }
    : { configuration: undefined, errors: errors.map(place) };
}
