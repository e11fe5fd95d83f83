/** GitHub's limit for the summary of a check run, characters (`github.md` §3). */
export const MAX_SUMMARY = 65_535;

/** What GitHub shows of a title on one line of the list of checks. */
export const MAX_TITLE = 120;
