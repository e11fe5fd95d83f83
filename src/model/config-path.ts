/** Where a repository keeps its settings. */
export const CONFIG_PATH = '.github/fluxgate.yaml';

/** Where people put them by mistake: nothing of it counts. */
export const MISNAMED_PATH = '.github/fluxgate.yml';

/** Said where there is such a file. */
export const MISNAMED = `${MISNAMED_PATH} is not read: settings stand in ${CONFIG_PATH}.`;
