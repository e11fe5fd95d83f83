import type {
  ChangeOrigin,
  CommitMaterial,
  CommitsRequest,
  EvidenceRequest,
  ImageRequest,
  Known,
  MergeSettings,
  PushBranchFact,
  PushBranchRequest,
  RepositoryIdentity,
  TagsRequest,
} from '../model/evidence.ts';

/** Commits of a change that are judged; a longer change is said to be cut. */
export const MOST_COMMITS = 1000;

/** Heads of the base branch that are looked back on. */
export const BASE_HEADS = 20;

/** Where facts from outside come from. What cannot be had is unknown, with its reason. */
export interface EvidenceSource {
  identity(): Promise<Known<RepositoryIdentity>>;
  merging(): Promise<Known<MergeSettings>>;
  commits(request: CommitsRequest): Promise<Known<CommitMaterial>>;
  image(request: ImageRequest): Promise<Known<unknown>>;
  tags(request: TagsRequest): Promise<Known<readonly string[]>>;
  origin(): Promise<Known<ChangeOrigin>>;
  pushBranch(request: PushBranchRequest): Promise<Known<PushBranchFact>>;
}

/** Raw material for one request. Plain data: it crosses into the sandbox. */
export interface Material {
  readonly request: EvidenceRequest;
  readonly answer: Known<unknown>;
}

/** Gathers material for requests; a source that fails makes unknowns of its own. */
export function gather(
  source: EvidenceSource,
  requests: readonly EvidenceRequest[],
): Promise<Material[]> {
  return Promise.all(
    requests.map(async (request) => ({ request, answer: await ask(source, request) })),
  );
}

function ask(source: EvidenceSource, request: EvidenceRequest): Promise<Known<unknown>> {
  switch (request.kind) {
    case 'identity':
      return source.identity();
    case 'merging':
      return source.merging();
    case 'commits':
      return source.commits(request);
    case 'image':
      return source.image(request);
    case 'tags':
      return source.tags(request);
    case 'origin':
      return source.origin();
    case 'push-branch':
      return source.pushBranch(request);
  }
}

/** Where nothing outside can be asked. */
export function noEvidence(reason: string): EvidenceSource {
  const unknown = () => Promise.resolve({ state: 'unknown', reason } as const);
  return {
    ...{ identity: unknown, merging: unknown, commits: unknown },
    ...{ image: unknown, tags: unknown, origin: unknown, pushBranch: unknown },
  };
}
