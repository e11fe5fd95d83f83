import type { Container, PodSpec, SecurityContext } from './pod.ts';

/**
 * The fields that are judged, in objects that all have one shape. Manifests write any selection of
 * fields in any order, and fifteen checks that read objects of a thousand shapes are slow: the
 * walk that copies them costs less than it saves.
 */

type Shape<T> = Readonly<Record<keyof T, undefined>>;

const SPEC: Shape<PodSpec> = {
  containers: undefined,
  ephemeralContainers: undefined,
  hostIPC: undefined,
  hostNetwork: undefined,
  hostPID: undefined,
  hostUsers: undefined,
  initContainers: undefined,
  os: undefined,
  runtimeClassName: undefined,
  securityContext: undefined,
  volumes: undefined,
};

const SECURITY_CONTEXT: Shape<SecurityContext> = {
  allowPrivilegeEscalation: undefined,
  appArmorProfile: undefined,
  capabilities: undefined,
  privileged: undefined,
  procMount: undefined,
  runAsNonRoot: undefined,
  runAsUser: undefined,
  seLinuxOptions: undefined,
  seccompProfile: undefined,
  sysctls: undefined,
  windowsOptions: undefined,
};

const CONTAINER: Shape<Container> = {
  image: undefined,
  lifecycle: undefined,
  livenessProbe: undefined,
  name: undefined,
  ports: undefined,
  readinessProbe: undefined,
  securityContext: undefined,
  startupProbe: undefined,
};

/** Names of fields, in an object without a prototype: asked with names from manifests. */
type Names = Record<string, true | undefined>;

const SPEC_FIELDS = namesOf(SPEC);
const SECURITY_CONTEXT_FIELDS = namesOf(SECURITY_CONTEXT);
const CONTAINER_FIELDS = namesOf(CONTAINER);

function namesOf(shape: object): Names {
  const names = Object.create(null) as Names;
  for (const name of Object.keys(shape)) names[name] = true;
  return names;
}

export function fixedSpec(written: PodSpec): PodSpec {
  const spec: { -readonly [F in keyof PodSpec]: PodSpec[F] } = { ...SPEC };
  copyFields(written, spec, SPEC_FIELDS);
  const context = spec.securityContext;
  if (context) spec.securityContext = fixedSecurityContext(context);
  return spec;
}

export function fixedContainer(written: Container): Container {
  const container: { -readonly [F in keyof Container]: Container[F] } = { ...CONTAINER };
  copyFields(written, container, CONTAINER_FIELDS);
  const context = container.securityContext;
  if (context) container.securityContext = fixedSecurityContext(context);
  return container;
}

function fixedSecurityContext(written: SecurityContext): SecurityContext {
  const context: SecurityContext = { ...SECURITY_CONTEXT };
  copyFields(written, context, SECURITY_CONTEXT_FIELDS);
  return context;
}

function copyFields<T extends object>(from: T, to: T, fields: Names): void {
  for (const field in from) if (fields[field]) to[field] = from[field];
}
