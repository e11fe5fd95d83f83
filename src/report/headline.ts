import type { Area, ClusterFinding, Effect, Finding, Subject } from '../model/finding.ts';
import type { Verdict } from '../model/review.ts';
import { toVisible } from './escape.ts';
import { MAX_TITLE } from './limits.ts';
import {
  areaOf,
  AREA_NAMES,
  count,
  countEffects,
  nameSubject,
  NO_CLUSTER,
  strongestOf,
} from './words.ts';

/** Shows a name: as plain text in titles, as a code span in Markdown. */
type Show = (name: string) => string;

/** The title of a check run: plain text on one line. */
export function titleOf({ area, because }: Verdict, introduced: readonly Finding[]): string {
  switch (because) {
    case 'not-judged':
      return `This version does not judge ${AREA_NAMES[area]} yet`;
    case 'clean':
    case 'nothing-applies':
      return introduced.length === 0
        ? 'Nothing new to report'
        : `Nothing that fails; ${countEffects(introduced)}`;
    case 'unknown':
      return 'Some of this change could not be evaluated';
    case 'findings':
    case 'below-fail-on':
    case 'advisory':
      return toTitle(introduced);
  }
}

function toTitle(introduced: readonly Finding[]): string {
  const sentence = headlineOf(introduced, (name) => toVisible(name, 60));
  const rest = countRest(introduced);
  const whole = rest === '' ? sentence : `${sentence}; ${rest}`;
  if (whole.length <= MAX_TITLE) return whole;
  return sentence.length <= MAX_TITLE ? sentence : toVisible(sentence, MAX_TITLE);
}

/** Findings beside those that the headline speaks of. */
function countRest(introduced: readonly Finding[]): string {
  const strongest = strongestOf(introduced);
  return countEffects(introduced.filter(({ effect }) => effect !== strongest));
}

/**
 * What happens once this is merged, one sentence without its full stop, about the strongest of the
 * findings: `Production will refuse the pods of payments/api`.
 */
export function headlineOf(findings: readonly Finding[], show: Show): string {
  const effect = strongestOf(findings);
  const worst = findings.filter((finding) => finding.effect === effect);
  const [first] = worst;
  if (first === undefined || effect === undefined) return 'Nothing new to report';
  const area = areaOf(first.rule);
  const clusters = clustersWith(worst, effect);
  return sentenceOf(effect, {
    by: refuserOf(first.rule),
    who: nameClusters(clusters, show),
    where: clusters.length === 0 ? '' : ` in ${listNames(clusters, show)}`,
    what: nameSubjects(worst, area, effect, show),
    number: worst.length,
  });
}

/** Rules of other areas than Pod Security whose denial is the API server's. */
const BY_ADMISSION: ReadonlySet<string> = new Set(['image-policy/unsigned-image']);
/** Rules whose denial is that of an API server as it starts. */
const BY_SERVER: ReadonlySet<string> = new Set(['pod-security/invalid-admission-configuration']);
/** Rules whose denial is ours alone: nobody but the reviewer stops what they find. */
const BY_NOBODY: ReadonlySet<string> = new Set(['commit-signatures/private-key']);

function refuserOf(rule: string): Said['by'] {
  if (BY_NOBODY.has(rule)) return 'nobody';
  if (BY_SERVER.has(rule)) return 'server';
  return areaOf(rule) === 'pod-security' || BY_ADMISSION.has(rule) ? 'admission' : 'flux';
}

interface Said {
  /** Who refuses it. */
  readonly by: 'admission' | 'flux' | 'server' | 'nobody';
  /** The clusters as the subject of a sentence; empty where no cluster is concerned. */
  readonly who: string;
  /** The clusters at the end of a sentence. */
  readonly where: string;
  readonly what: string;
  readonly number: number;
}

function sentenceOf(effect: Effect, { by, who, where, what, number }: Said): string {
  switch (effect) {
    case 'denied':
      if (by === 'nobody') return `Whoever reads this repository can use a private key: ${what}`;
      if (by === 'server') return `No API server will start with ${what}`;
      return by === 'admission' && who !== ''
        ? `${who} will refuse ${what}`
        : `Flux will refuse ${what}${where}`;
    case 'risk':
      return `Merging this brings ${count(number, 'risk')}${where}: ${what}`;
    case 'warned':
      return `${who === '' ? 'Admission' : who} will warn about ${what}`;
    case 'audited':
      return `${who === '' ? 'Admission' : who} will record ${what} in the audit log`;
    case 'advice':
      return `${number === 1 ? 'One thing' : `${number} things`} could be better${isCount(what) ? '' : `: ${what}`}`;
  }
}

/** Objects of several kinds are only counted: that says no more than the number of things. */
function isCount(what: string): boolean {
  return /^\d+ objects$/.test(what);
}

/** Names of clusters where a finding newly has an effect, in the order they were found. */
function clustersWith(findings: readonly Finding[], effect: Effect): string[] {
  const isMeant = (cluster: ClusterFinding) =>
    cluster.effect === effect && cluster.change === 'introduced';
  return [
    ...new Set(
      findings.flatMap(({ clusters }) => clusters.filter(isMeant).map(({ name }) => name)),
    ),
  ];
}

/** More names than this make a sentence hard to read. */
const MAX_NAMES = 3;

function listNames(names: readonly string[], show: Show): string {
  if (names.length > MAX_NAMES) return `${names.length} clusters`;
  const shown = names.map(show);
  const last = shown.pop() ?? '';
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`;
}

/** A word of letters reads as a name at the beginning of a sentence; anything else is named so. */
function nameClusters(names: readonly string[], show: Show): string {
  const [only] = names;
  if (names.length === 1 && only !== undefined) {
    if (only === NO_CLUSTER) return 'The cluster';
    return /^[a-z]+$/.test(only)
      ? `${only.charAt(0).toUpperCase()}${only.slice(1)}`
      : `Cluster ${show(only)}`;
  }
  return names.every((name) => /^[a-z]+$/.test(name)) && names.length <= MAX_NAMES
    ? capitalised(listNames(names, (name) => name))
    : names.length > MAX_NAMES
      ? listNames(names, show)
      : names.length === 0
        ? ''
        : `Clusters ${listNames(names, show)}`;
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** Kinds that are admitted themselves, or never; of all others it is the pods. */
const ADMITTED = ['Pod', 'Namespace', 'File'];

function nameSubjects(
  findings: readonly Finding[],
  area: Area | undefined,
  effect: Effect,
  show: Show,
): string {
  const subjects = new Map(findings.map(({ subject }) => [nameSubject(subject), subject]));
  const [first] = subjects.values();
  if (first === undefined) return 'nothing';
  const kinds = new Set([...subjects.values()].map(({ kind }) => kind));
  const isOfPods =
    area === 'pod-security' && effect === 'denied' && ![...kinds].some((k) => ADMITTED.includes(k));
  if (isOfPods) {
    const what = subjects.size === 1 ? show(shortName(first)) : `${subjects.size} workloads`;
    return `the pods of ${what}`;
  }
  if (subjects.size === 1) return show(first.kind === 'File' ? first.name : nameSubject(first));
  const kind = kinds.size === 1 ? first.kind : 'object';
  return `${subjects.size} ${pluralOf(kind)}`;
}

function shortName({ namespace, name }: Subject): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** Kinds are words of Kubernetes, or of the repository: a strange one is an object. */
function pluralOf(kind: string): string {
  if (!/^[A-Za-z]{1,40}$/.test(kind)) return 'objects';
  const word = ['File', 'Commit', 'Branch', 'object'].includes(kind) ? kind.toLowerCase() : kind;
  if (/(?:s|x|ch)$/.test(word)) return `${word}es`;
  return /[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`;
}

/** A calm sentence about an area where nothing new was found. */
export const CALM: Record<Area, string> = {
  'pod-security': 'No cluster will refuse a pod because of this change.',
  'commit-signatures': 'Flux will refuse no commit because of this change.',
  'image-policy': 'This change opens no way for an image that it should not.',
  gitops: 'Flux will refuse nothing because of this change.',
};
