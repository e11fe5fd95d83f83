/**
 * The App at work, on a GitHub of its own:
 *
 *     npm run demo [-- --once]
 *
 * Starts an embedded GitHub on loopback, installs the App there, makes a repository, opens pull
 * requests and shows what the App says to each, also as pages for a browser. With --once it ends
 * when all are concluded: exit code 0 when each has exactly four completed check runs.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

import picocolors from 'picocolors';

import { setStage, type Stage } from '../end-to-end/stage.ts';
import { NAME as IMAGES, playImageUpdates } from './image-updates.ts';
import { type Pages, servePages } from './pages.ts';
import { type Scenario, scenarios } from './scenarios.ts';
import { show } from './show.ts';
import { NAME as SIGNED, playSigned } from './signed.ts';
import { stageUnsignedImage } from './unsigned-image.ts';

const FLEET = new URL('../../fixtures/repositories/fleet', import.meta.url).pathname;
const NAME = 'acme/fleet';
/** The same manifests, with a policy that lets only signed images in. */
const GUARDED = 'acme/guarded';

const isOnce = process.argv.includes('--once');
const read = (path: string) => readFileSync(join(FLEET, path), 'utf8');
const unsigned = await stageUnsignedImage(read);
const stage = await setStage({ webFlowKey: true, registryHosts: unsigned.hosts });
const isComplete =
  (await play(stage, NAME, scenarios(read))) &&
  (await play(stage, GUARDED, [unsigned.scenario], unsigned.files)) &&
  (await playSigned(stage)) &&
  (await playImageUpdates(stage));
if (isOnce) {
  await Promise.all([stage.close(), unsigned.close()]);
  process.exit(isComplete ? 0 : 1);
}
const pages = await servePages({
  octokit: stage.ada,
  repositories: [NAME, GUARDED, SIGNED, IMAGES],
  appId: stage.app.id,
});
explain(stage, pages);
process.once('SIGINT', () => {
  void Promise.all([pages.close(), stage.close(), unsigned.close()]).then(() => process.exit(0));
});

/** @param files what main holds beside the fixture, before the first pull request */
async function play(
  { github, ada, app, ...stage }: Stage,
  repository: string,
  all: readonly Scenario[],
  files?: Readonly<Record<string, string>>,
): Promise<boolean> {
  const { owner, repo: name } = toTarget(repository);
  await github.createRepository({ owner, name, directory: FLEET });
  if (files) {
    const message = 'Run signed images alone';
    await github.push(repository, { branch: 'main', files, message, by: 'ada' });
  }
  console.log(`Opening pull requests in ${repository}…`);
  const numbers: number[] = [];
  for (const { name: branch, title, files } of all) {
    await github.push(repository, { branch, files, message: title, by: 'ada' });
    const { data } = await ada.pulls.create({
      ...toTarget(repository),
      title,
      head: branch,
      base: 'main',
    });
    numbers.push(data.number);
    // One after the other: the times below are of reviews, not of waiting for others.
    await stage.idle(repository);
  }
  let isComplete = true;
  for (const number of numbers) {
    const shown = await show({
      octokit: ada,
      ...toTarget(repository),
      number,
      appId: app.id,
      github,
    });
    console.log(shown.text);
    isComplete &&= shown.isComplete;
  }
  return isComplete;
}

function toTarget(name: string): { owner: string; repo: string } {
  const [owner = '', repo = ''] = name.split('/');
  return { owner, repo };
}

function explain({ github }: Stage, pages: Pages): void {
  console.log(`
${picocolors.bold('The demo stays up.')} Try it as somebody who works on ${NAME}:

  git clone ${github.gitUrl(NAME, 'ada')}
  cd fleet && git switch -c try && …edit… && git commit -am try && git push -u origin try

The API is GitHub's, at ${github.url}; open a pull request there with Ada's token:

  curl -H "authorization: token ${tokenIn(github.gitUrl(NAME, 'ada'))}" ${github.url}/repos/${NAME}/pulls \\
    -d '{"title":"try","head":"try","base":"main"}'
  curl ${github.url}/repos/${NAME}/commits/try/check-runs -H "authorization: token …"

Ask something there, as in a comment (/fluxgate help tells what); the page below shows the answer:

  curl -H "authorization: token …" ${github.url}/repos/${NAME}/issues/2/comments -d '{"body":"/pss-explain"}'

Commit a suggestion of pull request 2: on GitHub by its button, here by git; its comment is then mended, and the check concludes again:

  git switch debug-podinfo && sed -i 's/privileged: true/privileged: false/' apps/base/podinfo/deployment.yaml
  git commit -am 'Apply the suggestion' && git push

${picocolors.bold('Every open pull request as GitHub would show it:')} ${pages.url}

Ctrl-C ends it.`);
}

/** The token that a clone address carries. */
function tokenIn(url: string): string {
  const { username, password } = new URL(url);
  return password || username;
}
