/** Where a repository keeps its settings. */
export const CONFIG_PATH = '.github/fluxgate.yaml';
