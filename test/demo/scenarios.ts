/** A pull request of the demo: what somebody pushes, and what there is to see in it. */
export interface Scenario {
  /** Also the branch. */
  readonly name: string;
  readonly title: string;
  /** Contents by path; null takes a file away. */
  readonly files: Readonly<Record<string, string | null>>;
}

/** @param read the text of a file on main */
export function scenarios(read: (path: string) => string): readonly Scenario[] {
  const podinfo = 'apps/base/podinfo/deployment.yaml';
  const payments = 'apps/base/payments/deployment.yaml';
  return [
    {
      name: 'scale-podinfo',
      title: 'Run five replicas of podinfo in production',
      files: change(read, 'apps/production/podinfo-replicas.yaml', 'replicas: 4', 'replicas: 5'),
    },
    {
      name: 'debug-podinfo',
      title: 'Debug podinfo with a privileged container',
      files: change(
        read,
        podinfo,
        '            allowPrivilegeEscalation: false\n',
        '            allowPrivilegeEscalation: true\n            privileged: true\n',
      ),
    },
    {
      name: 'migrate-as-root',
      title: 'Run the migration of payments as root',
      files: change(
        read,
        payments,
        '          args: [migrate]\n          securityContext:\n',
        '          args: [migrate]\n          securityContext:\n            runAsNonRoot: false\n            runAsUser: 0\n',
      ),
    },
    {
      name: 'rename-service',
      title: 'Rename the port of podinfo',
      files: change(
        read,
        'apps/base/podinfo/service.yaml',
        '    - name: http\n',
        '\t- name: web\n',
      ),
    },
    {
      name: 'explain-replicas',
      title: 'Say why podinfo has four replicas',
      files: change(
        read,
        'apps/production/podinfo-replicas.yaml',
        '  replicas: 4',
        '  # One for each zone, and one to spare.\n  replicas: 4',
      ),
    },
  ];
}

/** A file with one part of its text replaced; a part that is not there is a fault of the demo. */
function change(
  read: (path: string) => string,
  path: string,
  from: string,
  to: string,
): Record<string, string> {
  const text = read(path);
  if (!text.includes(from)) throw new Error(`${path} does not hold ${JSON.stringify(from)}.`);
  return { [path]: text.replace(from, to) };
}
