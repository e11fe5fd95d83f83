import type { Level } from './level.ts';
import type { PolicyVersion } from './version.ts';

/** What a pod is held to. */
export interface Policy {
  readonly level: Level;
  readonly version: PolicyVersion;
}

/** As admission prints it: `restricted:v1.25`. */
export function policyText({ level, version }: Policy): string {
  return `${level}:${version.text}`;
}

/** Same level and same version as written. `v1.99` and `latest` differ, though both mean the newest. */
export function isSamePolicy(a: Policy, b: Policy): boolean {
  return a.level === b.level && a.version.text === b.version.text;
}
