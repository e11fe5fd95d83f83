import { escapeMarkdown } from './escape.ts';

/** What a review had to go without, and what else is to note: a paragraph each. */
export function renderNotes(notes: readonly string[]): string[] {
  return notes.map((note) => `<sub>${escapeMarkdown(note, 1000)}</sub>`);
}
