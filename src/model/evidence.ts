import type { Attestor, ImageFact } from './image.ts';
import type { Commit, KeyringEntryRecord, Person, Verdict } from './commit.ts';

/**
 * Facts from outside the repository's files: commits, merge settings, registries. A rule says what
 * it needs as a request; the process that may reach the world gathers raw material for it, and the
 * sandbox turns the material, which is attacker-controlled, into a fact. All of it is plain data.
 */
export type EvidenceRequest =
  | IdentityRequest
  | MergingRequest
  | CommitsRequest
  | ImageRequest
  | TagsRequest
  | OriginRequest
  | PushBranchRequest;

/** A fact, or why it could not be had. Unknown is never a pass. */
export type Known<T> =
  | { readonly state: 'known'; readonly value: T }
  | { readonly state: 'unknown'; readonly reason: string };

/** Which repository and branch this is, as sources of Flux name them. */
export interface IdentityRequest {
  readonly kind: 'identity';
}

export interface RepositoryIdentity {
  /** `github.com`; without a port. */
  readonly host: string;
  /** `owner/name`. */
  readonly repository: string;
  /** The branch that the change goes to. */
  readonly branch: string;
}

/** How pull requests can get into the base branch. */
export interface MergingRequest {
  readonly kind: 'merging';
}

export type MergeMethod = 'merge' | 'squash' | 'rebase';

/** What a repository lets be done, and classic protection of the branch; rulesets may say less. */
export interface MergeAllowance {
  readonly mergeCommitAllowed: boolean;
  readonly squashMergeAllowed: boolean;
  readonly rebaseMergeAllowed: boolean;
  /** What people without admin rights see of it; null where there is none. */
  readonly refUpdateRule: {
    /** Null where no pull request is needed. */
    readonly requiredApprovingReviewCount: number | null;
    readonly requiresLinearHistory: boolean;
    readonly requiresSignatures: boolean;
  } | null;
}

export interface MergeSettings {
  /** What the repository, its rulesets and protections leave over. */
  readonly methods: readonly MergeMethod[];
  /**
   * The method of the merge queue, where the base branch has one. Several where rulesets name
   * different ones: which of them counts is nowhere documented.
   */
  readonly queue?: readonly MergeMethod[];
  readonly requiresSignatures: boolean;
  readonly requiresLinearHistory: boolean;
  /** Whether people push to the base branch without a pull request. */
  readonly allowsPushes: boolean;
  /** A merge group: its head is made, and becomes the head of the branch as it is. */
  readonly isGroup?: true;
}

/** Commits of the change and of the base branch, judged by the keyrings of these sources. */
export interface CommitsRequest {
  readonly kind: 'commits';
  readonly keyrings: readonly KeyringRequest[];
}

/** A keyring of the base branch, and how Flux is told to use it. */
export interface KeyringRequest {
  /** Identifies it among the request's keyrings. */
  readonly id: string;
  /** Entries of the Secret: name to content, base64. */
  readonly entries: Readonly<Record<string, string>>;
  /** Version of Flux that judges, `2.9`; the newest where absent. */
  readonly flux?: string;
}

/** What GitHub says of a signature: shown, never used as a verdict. */
export interface GitHubVerification {
  readonly verified: boolean;
  readonly reason: string;
}

/** A commit as its source gives it. Attacker-controlled. */
export interface RawCommit {
  readonly id: string;
  /** The object as git stores it, without its header; absent where it could not be had exactly. */
  readonly object?: Uint8Array;
  /** What is known without the object. */
  readonly described?: CommitDescription;
  readonly github?: GitHubVerification;
}

/** A commit as people see it. Proves nothing. */
export interface CommitDescription {
  readonly id: string;
  readonly parents: readonly string[];
  readonly author: Person;
  readonly committer: Person;
  readonly message: string;
  /** GitHub says that there is no signature. */
  readonly isUnsigned: boolean;
}

export interface CommitMaterial {
  /** Commits of the change, oldest first. */
  readonly change: readonly RawCommit[];
  /** Why some of the change's commits are missing, where they are. */
  readonly cut?: string;
  /** Newest heads of the base branch along first parents, newest first; at most 20. */
  readonly baseHeads: readonly RawCommit[];
}

export interface JudgedCommit {
  readonly commit: Pick<Commit, 'id' | 'parents' | 'author' | 'committer' | 'message'>;
  readonly github?: GitHubVerification;
  /** By id of the keyring. */
  readonly verdicts: Readonly<Record<string, Known<Verdict>>>;
  /** By nobody's keys: what signs it, and who it says signed it. */
  readonly bare: Known<Verdict>;
}

export interface CommitFacts {
  readonly change: readonly JudgedCommit[];
  readonly cut?: string;
  readonly baseHeads: readonly JudgedCommit[];
  /** What each keyring holds, as Flux reads it, by id of the keyring. */
  readonly keyrings: Readonly<Record<string, readonly KeyringEntryRecord[]>>;
}

/** Whether an image exists and who signed it. */
export interface ImageRequest {
  readonly kind: 'image';
  /** As written: `ghcr.io/acme/app:1.2.3@sha256:…`. */
  readonly reference: string;
  /** Whose signatures are asked for. */
  readonly attestors: readonly Attestor[];
}

/** The tags of a repository, of which a range chooses. */
export interface TagsRequest {
  readonly kind: 'tags';
  /** `ghcr.io/acme/charts/web` */
  readonly repository: string;
}

/** Repositories with more tags are not read: what would be chosen is unknown. */
export const MOST_TAGS = 50_000;

/** Who proposes the change, and from where. */
export interface OriginRequest {
  readonly kind: 'origin';
}

/** Attacker-controlled, and proof of nothing: it only decides how strictly a change is looked at. */
export interface ChangeOrigin {
  /** The branch that the change comes from, where it has a name. */
  readonly branch?: string;
  /** Login of who opened the pull request, `renovate[bot]`. */
  readonly opener?: string;
  /** Commits of the change without merges, oldest first. */
  readonly commits: readonly OriginCommit[];
  /** Not all commits were read. */
  readonly isCut?: true;
}

export interface OriginCommit {
  readonly id: string;
  readonly author: Pick<Person, 'name' | 'email'>;
  readonly message: string;
}

/** What becomes of a branch that image automation pushes to. */
export interface PushBranchRequest {
  readonly kind: 'push-branch';
  readonly branch: string;
}

export interface PushBranchFact {
  readonly exists: boolean;
  /** Commits that it is ahead of the base branch. */
  readonly ahead: number;
  /** Pull requests from it, open, merged or closed; absent where nobody can tell. */
  readonly pullRequests?: number;
}

/** What the rules are told. A fact that nobody gathered is absent: then a rule says unknown. */
export interface Facts {
  readonly identity?: Known<RepositoryIdentity>;
  readonly merging?: Known<MergeSettings>;
  readonly commits?: Known<CommitFacts>;
  readonly origin?: Known<ChangeOrigin>;
  /** By name of the branch. */
  readonly pushBranches?: ReadonlyMap<string, Known<PushBranchFact>>;
  /** By {@link keyOfRequest} of the request. */
  readonly images: ReadonlyMap<string, Known<ImageFact>>;
  /** By repository of the request. Attacker-controlled. */
  readonly tags?: ReadonlyMap<string, Known<readonly string[]>>;
}

export const NO_FACTS: Facts = { images: new Map() };

/** What makes two requests the same. */
export function keyOfRequest(request: EvidenceRequest): string {
  return JSON.stringify(request);
}
