import { areaOfCheck } from '../report/words.ts';
import type { Asked, Command } from './command.ts';
import { explain, explainCommand } from './explain.ts';
import { helpCommand, unknownCommand } from './help.ts';
import { findCommands } from './parse.ts';
import { planCommand } from './plan.ts';
import { recheckCommand } from './recheck.ts';
import { waiveCommand } from './waive.ts';

/** All commands, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  explainCommand,
  planCommand,
  recheckCommand,
  waiveCommand,
  helpCommand(() => COMMANDS),
];

/** What a comment asks for, in its order, each question once. Attacker-controlled. */
export function readComment(body: string): Asked[] {
  const asked = findCommands(body).map(({ name, words }) => {
    const command = COMMANDS.find((one) => one.name === name);
    const isHelp = name !== '/fluxgate' || words === 'help' || words === '';
    return command && isHelp ? command.read(words) : unknownCommand(COMMANDS);
  });
  return [...new Map(asked.map((one) => [one.question, one])).values()];
}

/** What a button on a check asks for; undefined for a button of an older version. */
export function readButton(identifier: string, check: string): Asked | undefined {
  switch (identifier) {
    case 'recheck':
      return recheckCommand.read('');
    case 'plan':
      return planCommand.read('');
    case 'explain': {
      const area = areaOfCheck(check);
      return {
        question: `/pss-explain [${area ?? ''}]`,
        needsWrite: false,
        reply: (conversation) => explain('', conversation, area),
      };
    }
    default:
      return undefined;
  }
}
