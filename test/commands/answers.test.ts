import { describe, expect, it } from 'vitest';

import type { Conversation } from '../../src/commands/command.ts';
import { readComment } from '../../src/commands/index.ts';
import { rules } from '../../src/rules/index.ts';
import { finding, review, unknown } from '../report/make.ts';

/** The answer to the first command of a comment, on a pull request with one finding. */
async function answerTo(
  comment: string,
  thread: readonly string[] = [],
  found: Parameters<typeof review>[0] = { findings: [finding()] },
): Promise<string> {
  const conversation: Conversation = {
    ...{ asker: 'ada', now: Date.UTC(2026, 0, 1), rules, thread },
    review: () => Promise.resolve(review(found)),
    plan: () => Promise.resolve({ namespaces: [], clusters: ['production'] }),
    recheck: () => Promise.resolve('x'),
  };
  const [asked] = readComment(comment);
  return (await asked?.reply(conversation))?.body ?? '';
}

describe('/pss-explain', () => {
  it.each([
    ['privileged-containers', '### Privileged containers'],
    ['`pod-security/privileged-containers`', '### Privileged containers'],
    ['`Deployment/payments/api`', '**Production will refuse the pods of `payments/api`.**'],
    ['priviledged containers', 'Did you mean `pod-security/privileged-containers`?'],
    ['pod-security/privilege-escalations', 'Did you mean `pod-security/privilege-escalation`?'],
    ['it', 'Rules are written as `pod-security/privileged-containers`.'],
  ])('%s', async (about, says) => {
    expect(await answerTo(`/pss-explain ${about}`)).toContain(says);
  });

  it('speaks in a thread of what it is about, or says that it no longer holds', async () => {
    expect(await answerTo('/pss-explain', [finding().fingerprint])).toContain('`payments/api`');
    expect(await answerTo('/pss-explain', ['another'])).toBe(
      'What this thread is about no longer holds: there is nothing left to explain of it.',
    );
  });

  it('tells what is not known where nothing is found', async () => {
    expect(await answerTo('/pss-explain', [], {})).toBe(
      'There is nothing to explain: this change brings no findings.',
    );
    expect(
      await answerTo('/pss-explain', [], { unknowns: [unknown({ change: 'existing' })] }),
    ).toBe('There is nothing to explain: this change brings no findings.');
    expect(
      await answerTo('/pss-explain', [], { unknowns: [unknown({ reason: 'No | <b>.' })] }),
    ).toBe(
      `This change brings no findings, but some of it could not be evaluated, which is not a pass:

- \`apps/base/kustomization.yaml:4\`: No \\| \\<b\\>\\. (\`gitops/kustomization-build-failure\`)`,
    );
  });

  it('says of a rule what it finds here before its examples, which are folded', async () => {
    const answer = await answerTo('/pss-explain privileged-containers');
    const order = [
      '### Privileged containers',
      '**In this pull request**',
      '- `Deployment payments/api`, `apps/base/payments/deployment.yaml:31` (introduced)',
      '**How to fix it.**',
      '<details><summary>An example that is refused</summary>',
      '<details><summary>The same, accepted</summary>',
    ].map((part) => answer.indexOf(part));
    expect(order).not.toContain(-1);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });
});

describe('/pss-waive', () => {
  const END = 'until 2026-02-01 because we debug it';

  it.each([
    [
      `pod-security/privileged-containers Deployment/payments/api ${END}`,
      'It covers 1 finding of this pull request.',
    ],
    [
      `\`pod-security/privileged-containers\` \`Deployment/payments/api\` by \`@ada_acme\` ${END}`,
      'owner: "@ada_acme"',
    ],
    [
      `pod-security/privileged-containers api ${END}`,
      '**It covers no finding of this pull request.** What this rule finds here is about `Deployment/payments/api`.',
    ],
    [
      `pod-security/seccomp api ${END}`,
      'A subject is written `Kind/namespace/name`, or `Kind//name`',
    ],
    [
      `privileged-containers api ${END}`,
      'There is no rule `privileged-containers`. Did you mean `pod-security/privileged-containers`?',
    ],
    [
      'pod-security/seccomp api until next friday because we debug it',
      'next friday is no day: write it as `2027-03-31`.',
    ],
    [`pod-security/seccomp api by ada ${END}`, 'An owner is a person or a team: `@ada`'],
    ['pod-security/seccomp api', 'A waiver needs a rule, a subject'],
  ])('%s', async (words, says) => {
    expect(await answerTo(`/pss-waive ${words}`)).toContain(says);
  });
});

it('/pss-plan tells how to find the namespaces', async () => {
  expect(await answerTo('/pss-plan `paymints`')).toBe(
    'No namespace `paymints` on this branch. Clusters: `production`. `/pss-plan` alone lists every namespace.',
  );
});

it('/fluxgate help shows commands as they are written', async () => {
  expect(await answerTo('/fluxgate help')).toContain('| `/pss-explain [RULE\\|RESOURCE]` |');
});
