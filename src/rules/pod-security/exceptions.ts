/** When exceptions are legitimate, in the words that several rules share. */

/** What only programs that manage nodes need. */
export const FOR_AGENTS =
  'An agent that manages the node: monitoring, a network or storage plugin, a log collector. Give it a namespace of its own that says why, with nothing else in it, or a waiver with an owner and an end in `.github/fluxgate.yaml`.';

/** What applications can do without. */
export const FOR_APPLICATIONS =
  'Rare for an application. Where the image cannot be changed yet, lower the level of its own namespace with the reason beside the label, or ask for a waiver with an owner and an end in `.github/fluxgate.yaml`.';
