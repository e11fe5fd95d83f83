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
 * comments. Attacker-controlled; takes linear time.
 */
export function findCommands(body: string): WrittenCommand[] {
  const commands: WrittenCommand[] = [];
  const lines = body.split(/\r\n|\r|\n/);
  const closes = findCloses(lines);
  let fence: string | undefined;
  let hidden = 0;
  for (const [index, line] of lines.entries()) {
    const [, marks] = FENCE.exec(line) ?? [];
    if (fence !== undefined) {
      if (marks?.startsWith(fence) && /^\s*[`~]+\s*$/.test(line)) fence = undefined;
      continue;
    }
    const isHidden = index < hidden;
    if (isHidden && index < hidden - 1) continue;
    if (isOpen(line)) hidden = hiddenUntil(line, closes[index + 1]);
    if (isHidden || /^ {0,3}<!--/.test(line)) continue;
    if (marks !== undefined) {
      fence = marks;
      continue;
    }
    const [, name, words = ''] = COMMAND.exec(line.slice(0, MAX_WORDS + 100)) ?? [];
    if (name === undefined) continue;
    const said = words.replace(/<!--.*?-->/g, '').trim();
    commands.push({ name: `/${name}`, words: said.slice(0, MAX_WORDS) });
    if (commands.length === MAX_COMMANDS) break;
  }
  return commands;
}

/** Whether an HTML comment begins on a line and does not end there. */
function isOpen(line: string): boolean {
  return line.lastIndexOf('<!--') > line.lastIndexOf('-->');
}

interface Close {
  /** Number of lines up to the one that ends a comment, that one included. */
  readonly end: number;
  /** Whether no blank line comes before. */
  readonly isSoon: boolean;
}

/** For each line, where a comment that is open when it begins would end. */
function findCloses(lines: readonly string[]): Close[] {
  const closes: Close[] = [];
  let close: Close = { end: lines.length, isSoon: false };
  for (const [back, line] of lines.toReversed().entries()) {
    const index = lines.length - 1 - back;
    if (line.includes('-->')) close = { end: index + 1, isSoon: true };
    else if (line.trim() === '') close = { ...close, isSoon: false };
    closes[index] = close;
  }
  return closes;
}

/** A comment at the start of a line hides all to its end; one in a text only within a paragraph. */
function hiddenUntil(line: string, close: Close | undefined): number {
  if (close === undefined) return 0;
  return /^ {0,3}<!--/.test(line) || close.isSoon ? close.end : 0;
}

/** A word as it is meant: people write names as code. */
export function withoutTicks(words: string): string {
  return /^(`{1,3})([^`]+)\1$/.exec(words)?.[2]?.trim() ?? words;
}
