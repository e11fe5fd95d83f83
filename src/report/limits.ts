/** GitHub's limit for the summary of a check run, characters (`github.md` §3). */
export const MAX_SUMMARY = 65_535;

/** Kept free on a page for what GitHub may refuse after it is written, characters. */
export const ROOM_FOR_REFUSALS = 1000;

/** Kept free on a page for the line that says how to ask, characters. */
export const ROOM_FOR_ASKING = 200;

/** What GitHub shows of a title on one line of the list of checks. */
export const MAX_TITLE = 120;
