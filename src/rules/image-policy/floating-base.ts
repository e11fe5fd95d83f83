import type { Located, LocatedMap } from '../../model/located.ts';
import { factsOf } from '../../flux/file-facts.ts';
import { SourceText, toPlace } from '../../model/source.ts';
import type { FileTree } from '../../model/file-tree.ts';
import type { Fault } from '../../model/finding.ts';
import { parseYaml } from '../../yaml/parse.ts';
import type { RepositoryRule } from '../rule.ts';
import { isChannel } from './channels.ts';

/** A remote base of a kustomization that is another one tomorrow. */
export const floatingBase: RepositoryRule = {
  id: 'image-policy/floating-base',
  area: 'image-policy',
  title: 'Remote base that moves',
  since: '0.1',
  on: 'repository',
  docs: {
    protects:
      'A kustomization that takes a base from another repository without a version applies whatever is there at the next build: whoever can push there changes the cluster, without a commit here.',
    allows: [
      'Looks at `resources`, `bases` and `components` of kustomization files that are fetched from elsewhere.',
      'Not allowed: no `ref` (or `version`), one that names a branch or channel (`main`, `stable`), and files below `raw.githubusercontent.com/…/main`, `/blob/main/` or `releases/latest`.',
    ],
    fix: 'Name a tag or, better, a commit: `?ref=v1.4.2`.',
    exception: 'A base of one’s own that is meant to move: waive the file.',
    limits: 'A tag can be moved, too; only a commit holds.',
    bad: {
      'apps/kustomization.yaml': 'resources:\n  - github.com/acme/base//web\n',
    },
    good: {
      'apps/kustomization.yaml': 'resources:\n  - github.com/acme/base//web?ref=v1.4.2\n',
    },
    links: ['https://github.com/kubernetes-sigs/kustomize/blob/master/examples/remoteBuild.md'],
  },
  evaluate: ({ tree }) => ({
    faults: factsOf(tree, judgeFile),
    unknowns: [],
  }),
};

const FILE = /(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/;
const MAY_BE_REMOTE = /:\/\/|git@|\.(?:com|org|io|dev|net)\//;
const MOST_FAULTS = 200;

function judgeFile(tree: FileTree, path: string): Fault[] {
  if (!FILE.test(path)) return [];
  const content = tree.read(path);
  // Nearly all files hold none, and are not parsed once more.
  if (content.state !== 'text' || !MAY_BE_REMOTE.test(content.text)) return [];
  const [root] = parseYaml(new SourceText(path, content.text), 'kustomization').documents;
  if (root?.kind !== 'map') return [];
  return ['resources', 'bases', 'components']
    .flatMap((field) => entriesOf(root, field))
    .slice(0, MOST_FAULTS)
    .flatMap((entry) => judge(entry, path));
}

interface Entry {
  readonly node: Located;
  readonly text: string;
  readonly field: string;
}

function entriesOf(root: LocatedMap, field: string): Entry[] {
  return (root.list(field)?.items ?? []).flatMap((node) =>
    node.kind === 'scalar' && typeof node.value === 'string'
      ? [{ node, text: node.value, field }]
      : [],
  );
}

function judge({ node, text, field }: Entry, path: string): Fault[] {
  const why = text.length > 2000 ? undefined : movesBy(text);
  if (why === undefined) return [];
  return [
    {
      rule: floatingBase.id,
      effect: 'risk',
      subject: { apiVersion: '', kind: 'File', name: path, field: `${field}[${text}]` },
      message: `The kustomization takes ${text} from elsewhere ${why}: what it applies can change without a commit here.`,
      primary: toPlace(node),
      related: [],
      remedy: { summary: 'Name a tag or a commit, such as `?ref=v1.4.2`.', fields: [], edits: [] },
    },
  ];
}

/** Why a remote entry moves; undefined for local ones and those that hold still. */
export function movesBy(text: string): string | undefined {
  const raw =
    /^https:\/\/raw\.githubusercontent\.com\/[^/]+\/[^/]+\/(?:refs\/heads\/([^/?]+)|([^/?]+))/.exec(
      text,
    );
  if (raw) {
    const [, branch, reference] = raw;
    if (branch !== undefined) return `at branch "${branch}"`;
    return reference !== undefined && isChannel(reference) ? `at "${reference}"` : undefined;
  }
  const inside = /\/(?:blob|tree|raw)\/([^/?]+)\//.exec(text)?.[1];
  if (text.startsWith('http') && inside !== undefined) {
    return isChannel(inside) ? `at "${inside}"` : undefined;
  }
  if (/^https?:.*\/releases\/latest\//.test(text)) return 'at the latest release';
  if (!isRepository(text)) return undefined;
  const query = text.includes('?') ? text.slice(text.indexOf('?') + 1) : '';
  const ref = /(?:^|&)(?:ref|version)=([^&]+)/.exec(query)?.[1];
  if (ref === undefined) return 'without a version';
  return isChannel(ref) ? `at "${ref}"` : undefined;
}

/** What kustomize clones, and does not fetch as one file. */
function isRepository(text: string): boolean {
  const path = text.split('?', 1)[0] ?? '';
  if (/^https?:/.test(text) && /\.(?:ya?ml|json)$/.test(path)) return false;
  return (
    /^(?:git::|(?:https?|ssh|git):\/\/|[\w.-]+@[\w.-]+:)/.test(text) ||
    /^github\.com[/:]/i.test(text)
  );
}
