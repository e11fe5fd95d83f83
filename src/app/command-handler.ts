import type { Asked, Conversation, Reply } from '../commands/command.ts';
import { readButton, readComment } from '../commands/index.ts';
import { type Job, reviewOnDemand } from '../jobs/job.ts';
import type { Handler } from '../jobs/run-job.ts';
import type { JobInbox } from '../jobs/queue.ts';
import { Permanent } from '../model/errors.ts';
import type { Answers, Where } from '../publish/answers.ts';
import { code, escapeMarkdown } from '../report/escape.ts';
import { type ReadPorts, reviewPullRequest } from '../review/pull-request-review.ts';
import { rules } from '../rules/index.ts';
import type { Allowance } from './allowance.ts';

/** What a command's work reaches the world through. */
export interface CommandPorts extends ReadPorts {
  readonly answers: Answers;
}

export interface CommandContext {
  readonly portsOf: (job: Job<'command'>, signal: AbortSignal) => Promise<CommandPorts>;
  readonly inbox: Pick<JobInbox, 'apply'>;
  readonly allowance: Allowance;
}

type CommandJob = Job<'command'>;

/** Answers what people ask in comments and by buttons. */
export function createCommandHandler(context: CommandContext): Handler<'command'> {
  return {
    async run(job, signal) {
      const asked = read(job);
      if (asked.length === 0) return;
      const ports = await context.portsOf(job, signal);
      const { answers } = ports;
      const where = await placeOf(job, ports);
      if (where === undefined) return;
      await answers.mark(where, 'eyes');
      const mayWrite = await answers.canWrite(job.payload.asker);
      const conversation = await converse(job, where, context, ports);
      let isDone = true;
      for (const one of asked) {
        const reply = await answer(one, { job, mayWrite, conversation }, context.allowance);
        isDone &&= reply.isDone;
        if (reply.body !== undefined) {
          await answers.answer(where, reply.question, sign(reply.body, job));
        }
      }
      await answers.mark(where, isDone ? '+1' : 'confused');
    },
    async giveUp(job, fault, signal) {
      if (fault.code === 'gone' || read(job).length === 0) return;
      const ports = await context.portsOf(job, signal);
      const where = await placeOf(job, ports);
      if (where === undefined) return;
      const words = 'Fluxgate could not answer this, each time it tried. Ask again later.';
      try {
        await ports.answers.answer(where, 'error', sign(words, job));
      } catch (error) {
        // A conversation that is locked takes no answer, but still a mark.
        if (!(error instanceof Permanent)) throw error;
      }
      await ports.answers.mark(where, 'confused');
    },
  };
}

function read({ payload: { request } }: CommandJob): Asked[] {
  if (request.from !== 'button') return readComment(request.body);
  const asked = readButton(request.identifier, request.check);
  return asked ? [asked] : [];
}

/** Where the answer goes; undefined when the pull request of a button is not there any more. */
async function placeOf(
  { payload: { request } }: CommandJob,
  { answers, pulls }: CommandPorts,
): Promise<Where | undefined> {
  switch (request.from) {
    case 'issue-comment': {
      const { comment, pullRequest } = request;
      return { kind: 'conversation', pullRequest, comment };
    }
    case 'review-comment': {
      const { comment, pullRequest } = request;
      const { root } = await answers.threadOf(comment);
      return { kind: 'thread', pullRequest, comment, root };
    }
    case 'button': {
      // GitHub names no pull requests of forks.
      const [first] = [...request.pullRequests, ...(await pulls.withHead(request.head))];
      return first === undefined ? undefined : { kind: 'conversation', pullRequest: first };
    }
  }
}

interface Situation {
  readonly job: CommandJob;
  readonly mayWrite: boolean;
  readonly conversation: Conversation;
}

async function answer(
  asked: Asked,
  { job, mayWrite, conversation }: Situation,
  allowance: Allowance,
): Promise<Reply & { readonly question: string }> {
  const { id } = job.payload.asker;
  if (!mayWrite && !allowance.take(id, `${job.key} ${asked.question}`)) {
    const body = 'People without write access may ask five times an hour. Ask again later.';
    return { question: 'allowance', isDone: false, body };
  }
  if (asked.needsWrite && !mayWrite) {
    const body = 'This command is open to people with write access to the repository.';
    return { question: 'write access', isDone: false, body };
  }
  const { question } = asked;
  try {
    return { question, ...(await asked.reply(conversation)) };
  } catch (error) {
    if (!(error instanceof Permanent && error.code === 'limit')) throw error;
    return { question, isDone: false, body: escapeMarkdown(error.message, 1000) };
  }
}

async function converse(
  job: CommandJob,
  where: Where,
  { inbox }: CommandContext,
  ports: CommandPorts,
): Promise<Conversation> {
  const { installation, repository, asker, request } = job.payload;
  const { pullRequest } = where;
  const thread =
    request.from === 'review-comment' ? await ports.answers.threadOf(request.comment) : undefined;
  let reviewed: ReturnType<typeof reviewPullRequest> | undefined;
  return {
    asker: asker.login,
    now: ports.now(),
    rules,
    thread: thread?.fingerprints ?? [],
    review: async () => (await (reviewed ??= reviewPullRequest(pullRequest, ports))).review,
    async plan(wanted) {
      const { plan } = await reviewPullRequest(pullRequest, ports, wanted);
      return plan ?? { namespaces: [], clusters: [] };
    },
    async recheck() {
      const pull = await ports.pulls.get(pullRequest);
      if (!pull.isOpen) return undefined;
      const { head } = pull;
      const origin = { installation, repository, head, pullRequests: [pullRequest] };
      const askedBy =
        request.from === 'button'
          ? (request.press ?? `run-${request.checkRun}`)
          : `${request.from}-${request.comment}`;
      const put = reviewOnDemand({ ...origin, cause: 'asked', askedBy });
      await inbox.apply({ changes: [{ put }] });
      return head;
    },
  };
}

/** Whom it answers, without calling them: they know that they asked. */
function sign(body: string, { payload: { asker } }: CommandJob): string {
  return `${body}\n\n<sub>For ${code(asker.login)}. Asking again updates this answer.</sub>`;
}
