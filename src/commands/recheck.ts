import { type Command, misread } from './command.ts';

/** `/pss-recheck`: reviews the pull request again. The thumb is the answer; the checks are new. */
export const recheckCommand: Command = {
  name: '/pss-recheck',
  usage: '/pss-recheck',
  says: 'reviews this pull request again',
  needsWrite: true,
  read(words) {
    if (words !== '') return misread(recheckCommand, 'This command takes nothing more.');
    return {
      question: '/pss-recheck',
      needsWrite: true,
      async reply(conversation) {
        const head = await conversation.recheck();
        return head === undefined
          ? { isDone: false, body: 'This pull request is closed: there is nothing to review.' }
          : { isDone: true };
      },
    };
  },
};
