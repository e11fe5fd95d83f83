/** Where somebody asked. */
export type Where =
  | { readonly kind: 'conversation'; readonly pullRequest: number; readonly comment?: number }
  /** A thread on lines; `root` is its first comment. */
  | {
      readonly kind: 'thread';
      readonly pullRequest: number;
      readonly comment: number;
      readonly root: number;
    };

export type Mark = 'eyes' | '+1' | 'confused';

/** Answers to what people ask in comments. Every method may be called again: nothing twice. */
export interface Answers {
  /** Marks the comment that asked; nothing where a button asked. */
  mark(where: Where, mark: Mark): Promise<void>;
  /**
   * Answers a question where it was asked. The same question has one answer, which is updated.
   *
   * @param body Markdown without the marker
   */
  answer(where: Where, question: string, body: string): Promise<void>;
  /** The thread of a comment on lines, and the findings that it is about. */
  threadOf(comment: number): Promise<{ root: number; fingerprints: readonly string[] }>;
  /** What a person may do in the repository. */
  canWrite(person: { readonly id: number; readonly login: string }): Promise<boolean>;
}
