import { codeCell } from '../report/escape.ts';
import type { Asked, Command } from './command.ts';

/** `/fluxgate help`: what can be asked. */
export function helpCommand(others: () => readonly Command[]): Command {
  const command: Command = {
    name: '/fluxgate',
    usage: '/fluxgate help',
    says: 'this list',
    needsWrite: false,
    read: () => ({
      question: '/fluxgate help',
      needsWrite: false,
      reply: () => Promise.resolve({ isDone: true, body: renderHelp(others()) }),
    }),
  };
  return command;
}

/** The help, for a command that does not exist. Whatever it is called, it is one question. */
export function unknownCommand(commands: readonly Command[]): Asked {
  return {
    question: '/fluxgate help',
    needsWrite: false,
    reply: () => Promise.resolve({ isDone: false, body: renderHelp(commands) }),
  };
}

function renderHelp(commands: readonly Command[]): string {
  const rows = commands.map(
    ({ usage, says, needsWrite }) =>
      `| ${codeCell(usage)} | ${says} | ${needsWrite ? 'write access' : 'everybody'} |`,
  );
  return [
    'Write a command as the first thing on a line of a comment.',
    ['| Command | Answers | Open to |', '| --- | --- | --- |', ...rows].join('\n'),
  ].join('\n\n');
}
