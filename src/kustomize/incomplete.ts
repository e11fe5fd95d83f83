import type { Site } from '../model/source.ts';
import { type BuildContext, fail, markIncomplete } from './context.ts';
import type { BuildProblemCode } from './problem.ts';

/**
 * Notes that something is missing: as a fault where everything is known, else as one more thing
 * that cannot be known, since it may be in the part that could not be read.
 */
export function failUnlessIncomplete(
  context: BuildContext,
  code: BuildProblemCode,
  message: string,
  site: Site,
): void {
  const [part] = context.frame.incomplete;
  if (part === undefined) fail(context, code, message, site);
  else {
    const reason = `${message} It may be in a part that is not here.`;
    markIncomplete(context, part.cause, reason, site, true);
  }
}
