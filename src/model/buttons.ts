/** A button on a check run. GitHub's limits: label and identifier 20 characters, description 40. */
export interface Button {
  readonly label: string;
  readonly description: string;
  readonly identifier: string;
}

export const RECHECK_BUTTON: Button = {
  label: 'Re-run',
  description: 'Review this commit again',
  identifier: 'recheck',
};

export const EXPLAIN_BUTTON: Button = {
  label: 'Explain',
  description: 'Explain the worst finding of this check',
  identifier: 'explain',
};

export const PLAN_BUTTON: Button = {
  label: 'Plan',
  description: 'What stricter levels would refuse',
  identifier: 'plan',
};
