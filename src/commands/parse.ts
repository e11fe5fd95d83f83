/** More commands than this in one comment are left out. */
const MAX_COMMANDS = 5;
/** Longer arguments are cut: no command needs them. */
const MAX_WORDS = 600;

/** A command as it stands in a comment. */
export interface WrittenCommand {
  /** `/pss-explain`; not necessarily one that exists. */
  readonly name: string;
  readonly words: string;
}

const COMMAND = /^ {0,3}\/(pss-[a-z-]{1,30}|fluxgate)(?![\w/.-])[ \t]*(.*)$/;
/** Also one that an item of a list begins with. */
const FENCE = /^ {0,3}(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}|~{3,})/;

/** Whether a comment is worth a look. Attacker-controlled; takes linear time. */
export function mayHoldCommand(body: string): boolean {
  return /^ {0,3}\/(?:pss-|fluxgate)/m.test(body);
}

/**
 * The commands of a comment: the first thing on a line, outside code blocks, quotes and HTML
 * comments. Attacker-controlled.
 */
export function findCommands(body: string): WrittenCommand[] {
  const commands: WrittenCommand[] = [];
  let fence: string | undefined;
  let isHidden = false;
  for (const line of body.split(/\r\n|\r|\n/)) {
    const [, marks] = FENCE.exec(line) ?? [];
    if (fence !== undefined) {
      if (marks?.startsWith(fence) && /^\s*[`~]+\s*$/.test(line)) fence = undefined;
      continue;
    }
    if (isHidden || line.includes('<!--')) {
      isHidden =
        line.lastIndexOf('-->') < line.lastIndexOf('<!--') || (isHidden && !line.includes('-->'));
      continue;
    }
    if (marks !== undefined) {
      fence = marks;
      continue;
    }
    const [, name, words = ''] = COMMAND.exec(line.slice(0, MAX_WORDS + 100)) ?? [];
    if (name === undefined) continue;
    commands.push({ name: `/${name}`, words: words.trim().slice(0, MAX_WORDS) });
    if (commands.length === MAX_COMMANDS) break;
  }
  return commands;
}

/** A word as it is meant: people write names as code. */
export function withoutTicks(words: string): string {
  return /^(`{1,3})([^`]+)\1$/.exec(words)?.[2]?.trim() ?? words;
}
