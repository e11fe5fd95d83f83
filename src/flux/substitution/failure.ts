/**
 * Who says no: envsubst, envsubst by a panic (which fails the Kustomization all the same), or our
 * own bound on work and memory where Flux would go on.
 */
export type FailureCode = 'refused' | 'panic' | 'limit';

/**
 * Why a text cannot be substituted, and where that was noticed. Never leaves this folder: the
 * author of the text made the mistake, so it goes out as data.
 */
export class TemplateFailure extends Error {
  readonly code: FailureCode;
  /** Offset of the outermost `${` in the template. */
  readonly offset: number;

  constructor(code: FailureCode, message: string, offset: number) {
    super(message);
    this.name = 'TemplateFailure';
    this.code = code;
    this.offset = offset;
  }
}
