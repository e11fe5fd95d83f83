import { ancestorsOf, directoryOf, isWithin } from '../../flux/paths.ts';
import type { Fault } from '../../model/finding.ts';
import type { Repository, RepositoryRule, RuleContext } from '../rule.ts';
import { type Automation, automationsOf, isDeployedFrom } from './automations.ts';
import { allowanceOf } from './environment.ts';
import { faultAt, nameOf, remedy } from './fault.ts';
import { type Marker, markersOf } from './markers.ts';
import { FLEET, updateAutomation } from './updates/fleet-example.ts';

const PATH = ['spec', 'update', 'path'];

/** An automation that may write to far more than its policies move. */
export const wideUpdatePath: RepositoryRule = {
  id: 'image-policy/wide-update-path',
  area: 'image-policy',
  title: 'Update path that is wider than its policies',
  since: '0.1',
  on: 'repository',
  docs: {
    protects:
      'The update path is the fence around an automation. Where it is wider than the markers that the automation moves, anybody who adds a marker elsewhere below it, in production say, has that line moved by itself, too.',
    allows: [
      'Looks at `spec.update.path` and at the markers below it that name policies of the automation’s namespace.',
      'Told: a path that is the whole repository, or that reaches an environment in which none of these markers stand.',
    ],
    fix: 'Set `spec.update.path` to the directory that holds the markers.',
    exception:
      'A repository where markers are meant to come anywhere: leave the advice, or turn it off.',
    bad: { ...FLEET, 'clusters/production/automation.yaml': updateAutomation({ path: './' }) },
    good: FLEET,
    links: ['https://fluxcd.io/flux/components/image/imageupdateautomations/#update-path'],
  },
  evaluate(repository, context) {
    const markers = markersOf(repository.tree).filter(({ isText }) => !isText);
    const faults = repository.clusters
      .flatMap(automationsOf)
      .flatMap((automation) => judge(automation, markers, repository, context));
    return { faults, unknowns: [] };
  },
};

function judge(
  { object, path, source, cluster }: Automation,
  markers: readonly Marker[],
  repository: Repository,
  context: RuleContext,
): Fault[] {
  if (source === undefined || !isDeployedFrom(cluster, source)) return [];
  const own = markers
    .filter(
      ({ setter, place }) =>
        setter?.split(':')[0] === object.namespace && isWithin(place.path, path),
    )
    .map(({ place }) => place.path);
  const common = commonDirectory(own);
  if (common === undefined || common === path) return [];
  const reached = environmentsOf(repository, context, (applied) => touches(applied, path));
  const moved = environmentsOf(repository, context, (applied) =>
    own.some((file) => isWithin(file, applied) || touches(applied, directoryOf(file))),
  );
  const beyond = [...reached].filter((each) => !moved.has(each) && moved.size > 0).sort();
  if (path !== '' && beyond.length === 0) return [];
  const also = beyond.length === 0 ? '' : `, and it also reaches ${beyond.join(' and ')}`;
  const message = `${nameOf(object)} may write below "${path === '' ? '.' : path}", while all markers that it moves are below "${common}"${also}.`;
  return [
    faultAt(object, PATH, {
      rule: wideUpdatePath.id,
      effect: beyond.includes('production') ? 'risk' : 'advice',
      message,
      remedy: remedy(`Set the update path to "./${common}".`, object, [
        { path: PATH, set: `./${common}` },
      ]),
    }),
  ];
}

function touches(a: string, b: string): boolean {
  return isWithin(a, b) || isWithin(b, a);
}

function environmentsOf(
  { clusters }: Repository,
  { settings }: RuleContext,
  isReached: (applied: string) => boolean,
): Set<string> {
  const found = new Set<string>();
  for (const cluster of clusters) {
    const { environment } = allowanceOf(cluster, settings);
    const applied = cluster.units.filter(({ kustomization }) => kustomization !== undefined);
    if (environment !== undefined && applied.some(({ path }) => isReached(path))) {
      found.add(environment);
    }
  }
  return found;
}

/** The deepest directory that holds all files; undefined without files. */
function commonDirectory(files: readonly string[]): string | undefined {
  const [first, ...rest] = files;
  if (first === undefined) return undefined;
  return ancestorsOf(directoryOf(first)).find((directory) =>
    rest.every((file) => isWithin(file, directory)),
  );
}
