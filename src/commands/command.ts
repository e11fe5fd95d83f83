import type { Plan, PlanRequest } from '../model/plan.ts';
import type { Review } from '../model/review.ts';
import type { ExplainedRule } from '../report/explain.ts';

/** What a command can learn and do. */
export interface Conversation {
  /** Login of who asks. */
  readonly asker: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly rules: readonly ExplainedRule[];
  /** Fingerprints of the findings that the thread is about, where it is about some. */
  readonly thread: readonly string[];
  /** The review of the pull request as it is now. */
  review(): Promise<Review>;
  plan(request: PlanRequest): Promise<Plan>;
  /** Asks for a new review; answers its head, or undefined when the pull request is closed. */
  recheck(): Promise<string | undefined>;
}

export interface Reply {
  /** Markdown; absent where a thumb says all. */
  readonly body?: string;
  /** Whether what was asked was done. */
  readonly isDone: boolean;
}

/** What somebody asks for. */
export interface Asked {
  /** The same for the same question: its answer is one comment, which is updated. */
  readonly question: string;
  readonly needsWrite: boolean;
  reply(conversation: Conversation): Promise<Reply>;
}

/** A slash command. */
export interface Command {
  /** With its slash. */
  readonly name: string;
  readonly usage: string;
  /** What it does, one line. */
  readonly says: string;
  readonly needsWrite: boolean;
  /**
   * @param words what stands behind the name on its line, trimmed. Attacker-controlled: data, never
   *   evaluated.
   */
  read(words: string): Asked;
}

/** The answer to a command that is not written as it should be. */
export function misread(command: Pick<Command, 'name' | 'usage'>, problem: string): Asked {
  return {
    question: `${command.name} ?`,
    needsWrite: false,
    reply: () =>
      Promise.resolve({ isDone: false, body: `${problem}\n\nIt is written \`${command.usage}\`.` }),
  };
}
