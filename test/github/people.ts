import { askRunsApp, rerequestSuite } from './domain/checks.ts';
import { enqueuePull } from './domain/merge-queue.ts';
import { transferRepository } from './domain/repositories.ts';
import {
  type AppOptions,
  type RegisteredApp,
  changeInstallation,
  changePermissions,
  createApp,
  installApp,
} from './people/apps.ts';
import { accountOf, known, repositoryOf } from './people/lookup.ts';
import {
  type PushOptions,
  type RepositoryOptions,
  createRepository,
  gitUrl,
  push,
} from './people/repositories.ts';
import { type User, createOrganization, createUser } from './people/sign-up.ts';
import { applySuggestion } from './people/suggestions.ts';
import type { Permissions, PullIssue } from './state/model.ts';
import type { World } from './state/world.ts';

/** What stands in for forms and buttons of GitHub's pages, and for its sign-up. */
export interface People {
  createUser(login: string, profile?: { name?: string; email?: string }): User;
  createOrganization(
    login: string,
    people?: { admins?: readonly string[]; members?: readonly string[] },
  ): { login: string; id: number };
  /** `owner/name` is how all other calls name it. */
  createRepository(options: RepositoryOptions): Promise<{ id: number; fullName: string }>;
  createApp(options: AppOptions): Promise<RegisteredApp>;
  /** @param repositories names of the owner's repositories; default all, also later ones */
  installApp(
    app: { readonly id: number },
    owner: string,
    repositories?: readonly string[],
  ): { id: number };
  /** Adds or removes repositories of an installation that has only some. */
  changeInstallation(
    installation: { readonly id: number },
    change: { add?: readonly string[]; remove?: readonly string[] },
  ): void;
  /** The App asks for other permissions or events, and every owner accepts. */
  changePermissions(
    app: { readonly id: number },
    wanted: { permissions: Permissions; events?: readonly string[] },
  ): void;
  setWebhookUrl(app: { readonly id: number }, url: string): void;
  /** Address for `git clone` and `git push`, with the user's token where one is named. */
  gitUrl(repository: string, login?: string): string;
  /** One commit that changes files, pushed: webhooks and all. Answers the commit's id. */
  push(repository: string, options: PushOptions): Promise<string>;
  /** The button "Commit suggestion" of a line comment. Answers the new head. */
  applySuggestion(repository: string, comment: number, by: string): Promise<string>;
  transferRepository(repository: string, owner: string, by: string): void;
  /** An armored public key with which the user signs commits, for `verification`. */
  addSigningKey(login: string, armoredKey: string): void;
  /** The button "Re-run" of a check. */
  rerunCheck(repository: string, run: number, by: string): void;
  /** The button "Re-run all checks" of a suite. */
  rerunSuite(repository: string, suite: number, by: string): Promise<void>;
  /** A button that an App has put on its check. */
  pressButton(repository: string, run: number, identifier: string, by: string): void;
  /** "Merge when ready": puts a pull request into the merge queue of its base. */
  enqueueMerge(repository: string, number: number, by: string): Promise<void>;
}

/** The calls of {@link People}, on a world. */
export function createPeople(world: World): People {
  return {
    createUser: (login, profile) => createUser(world, login, profile),
    createOrganization: (login, people) => createOrganization(world, login, people),
    createRepository: (options) => createRepository(world, options),
    createApp: (options) => createApp(world, options),
    installApp: (app, owner, repositories) => installApp(world, app, owner, repositories),
    changeInstallation: ({ id }, change) => changeInstallation(world, id, change),
    changePermissions: ({ id }, wanted) => changePermissions(world, id, wanted),
    setWebhookUrl: ({ id }, url) => void (known(world.apps.get(id), 'App').webhookUrl = url),
    gitUrl: (repository, login) => gitUrl(world, repository, login),
    push: (repository, options) => push(world, repository, options),
    applySuggestion: (repository, comment, by) => applySuggestion(world, repository, comment, by),
    transferRepository: (repository, owner, by) =>
      transferRepository(
        world,
        repositoryOf(world, repository),
        accountOf(world, owner),
        accountOf(world, by),
      ),
    addSigningKey: (login, key) => void accountOf(world, login).signingKeys.push(key),
    rerunCheck: (repository, id, by) => {
      const run = known(repositoryOf(world, repository).checkRuns.get(id), 'check run');
      askRunsApp(world, run, accountOf(world, by), { action: 'rerequested' });
    },
    rerunSuite: (repository, id, by) => {
      const suite = known(repositoryOf(world, repository).checkSuites.get(id), 'check suite');
      return rerequestSuite(world, suite, accountOf(world, by));
    },
    pressButton: (repository, id, identifier, by) => {
      const run = known(repositoryOf(world, repository).checkRuns.get(id), 'check run');
      known(
        run.actions.find((button) => button.identifier === identifier),
        'button',
      );
      const event = { action: 'requested_action', identifier } as const;
      askRunsApp(world, run, accountOf(world, by), event);
    },
    enqueueMerge: (repository, number, by) => {
      const issue = known(repositoryOf(world, repository).issues.get(number), 'pull request');
      return enqueuePull(world, issue as PullIssue, accountOf(world, by));
    },
  };
}
