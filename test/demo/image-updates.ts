import { imagePolicy } from '../../src/rules/image-policy/examples.ts';
import { automation, markedDeployment } from '../../src/rules/image-policy/updates/examples.ts';
import { SYNC, WORKFLOW } from '../../src/rules/image-policy/updates/fleet-example.ts';
import type { Stage } from '../end-to-end/stage.ts';
import { show } from './show.ts';

export const NAME = 'acme/images';
const AT = { owner: 'acme', repo: 'images' };
const AUTOMATION = 'clusters/production/automation.yaml';
const WEB = 'clusters/production/web.yaml';
const BOT = { login: 'image-bot', name: 'fluxcdbot', email: 'fluxcdbot@acme.example' };

/** Without the source, which the cluster's own file has. */
const OBJECTS = automation().slice(automation().indexOf('---\n') + 4);

interface ImageScenario {
  readonly branch: string;
  readonly title: string;
  readonly by: string;
  readonly files: Readonly<Record<string, string>>;
}

/**
 * A repository with an image automation, and pull requests about its images: one by the
 * automation, one that somebody added to, one that widens what it may choose.
 *
 * @returns the numbers of the pull requests by their branches
 */
export async function openImageUpdates({ github, ada }: Stage): Promise<Map<string, number>> {
  github.createUser(BOT.login, BOT);
  await github.createRepository({
    ...{ owner: 'acme', name: 'images' },
    files: {
      'clusters/production/flux-system/gotk-sync.yaml': SYNC,
      [AUTOMATION]: OBJECTS,
      [WEB]: markedDeployment('1.4.2'),
      '.github/workflows/image-updates.yaml': WORKFLOW,
    },
  });
  const tampered = markedDeployment('1.4.3').replace(
    '    spec:\n      containers:',
    '    spec:\n      hostNetwork: true\n      containers:',
  );
  const widened = OBJECTS.replace(imagePolicy('>=1.4.0 <1.5.0'), imagePolicy('>=1.4.0-0'));
  const scenarios: readonly ImageScenario[] = [
    {
      ...{ branch: 'image-updates', title: 'chore: update images', by: BOT.login },
      files: { [WEB]: markedDeployment('1.4.3') },
    },
    {
      ...{ branch: 'image-updates-again', title: 'chore: update images', by: BOT.login },
      files: { [WEB]: tampered },
    },
    {
      ...{ branch: 'prereleases', title: 'Let prereleases in', by: 'ada' },
      files: { [AUTOMATION]: widened },
    },
  ];
  const numbers = new Map<string, number>();
  for (const { branch, title, by, files } of scenarios) {
    await github.push(NAME, { branch, files, message: title, by });
    const { data } = await ada.pulls.create({ ...AT, title, head: branch, base: 'main' });
    numbers.set(branch, data.number);
  }
  return numbers;
}

/** Opens the pull requests and shows what is said of them. */
export async function playImageUpdates(stage: Stage): Promise<boolean> {
  console.log(`\nOpening pull requests in ${NAME}, whose images an automation moves…`);
  const numbers = await openImageUpdates(stage);
  await stage.idle(NAME);
  const { ada, github, app } = stage;
  let isComplete = true;
  for (const number of numbers.values()) {
    const shown = await show({ octokit: ada, ...AT, number, appId: app.id, github });
    console.log(shown.text);
    isComplete &&= shown.isComplete;
  }
  return isComplete;
}
